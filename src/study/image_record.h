#pragma once

#include <vector>

#include "store/rows.h"

namespace faultline::store {
class Store;
}

namespace faultline::study {

// All rows of one image and network: what one transaction writes.
struct ImageRecord {
  std::vector<store::ImageRow> image;           // one, of the model
  std::vector<store::TwinImageRow> twin_image;  // one, of a twin
  std::vector<store::AttackRow> attacks;
  std::vector<store::InputRow> inputs;
  std::vector<store::PointResponseRow> point_responses;
  std::vector<store::PointScaleRow> point_scales;
  std::vector<store::ContributionRow> contributions;
  std::vector<store::HeatmapResponseRow> heatmap_responses;
  std::vector<store::GatesRunRow> gates_runs;
  std::vector<store::ShapleyRow> shapley;
  std::vector<store::GateSetRow> gate_sets;
  std::vector<store::InterventionRow> interventions;
  std::vector<store::SubstitutionRow> substitutions;
  std::vector<store::IdentityRow> identities;
  std::vector<store::DetectionRow> detection;
  std::vector<store::PictureRow> pictures;
  std::vector<store::MapRow> maps;
  std::vector<store::TimingRow> timing;  // one, of the model
};

// Writes the record in one transaction. Throws what Store::commit throws; nothing is written then.
void insert(store::Store& store, const ImageRecord& record);

}  // namespace faultline::study
