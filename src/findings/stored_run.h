#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/rows.h"

namespace faultline::findings {

// What a run has once, whatever the conditions. Blocks, layers, points and segments stand at the place that
// is their number.
struct StoredRun {
  store::RunRow run;
  std::vector<store::NetworkRow> networks;
  std::vector<store::BlockRow> blocks;
  std::vector<store::LayerRow> layers;
  std::vector<store::PointRow> points;
  std::vector<store::SegmentRow> segments;
  std::vector<store::ConditionRow> conditions;
  std::vector<store::ImageRow> images;
};

// Those of the model, in the order of their numbers.
std::vector<store::ConditionRow> model_conditions(const StoredRun& run);

// Points that are convolution layers, in the order of the network.
std::vector<std::size_t> convolutions(const StoredRun& run);

// Layers of a block.
std::size_t layers_in(const StoredRun& run, std::int64_t block);

// The last block, if it is called "head": what follows the last pooling.
std::optional<std::int64_t> head_block(const StoredRun& run);

// The last kDistractionBlocks blocks that have layers, the head left out.
std::vector<std::int64_t> late_blocks(const StoredRun& run);

// Blocks other than the first and the head.
std::vector<std::int64_t> intermediate_blocks(const StoredRun& run);

// The conditions of twins that answer to one of the model: same attack, settings, regime and eps.
std::vector<std::int64_t> twin_conditions(const StoredRun& run, const store::ConditionRow& of_model);

}  // namespace faultline::findings
