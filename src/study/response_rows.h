#pragma once

#include "study/analysis.h"
#include "study/image_record.h"

namespace faultline::study {

// Where a row belongs.
struct RowKey {
  std::int64_t image = 0;
  std::int64_t condition = 0;
};

// What an analysis measured, as rows: its inputs, the responses of points and layers, the contributions.
void add_response_rows(const Analysis& analysis, const net::NetworkMap& map,
                       const compare::CompareOptions& options, const RowKey& key, ImageRecord& record);

// The description of the network that those rows refer to by numbers.
std::vector<store::ClassRow> class_rows(std::span<const std::string> labels);
std::vector<store::BlockRow> block_rows(const net::NetworkMap& map);
std::vector<store::LayerRow> layer_rows(const net::NetworkMap& map);
std::vector<store::PointRow> point_rows(const net::NetworkMap& map);
std::vector<store::SegmentRow> segment_rows(const net::Graph& graph, const net::NetworkMap& map);

}  // namespace faultline::study
