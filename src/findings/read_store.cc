#include "findings/read_store.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "findings/condition_gatherer.h"

namespace faultline::findings {
namespace {

// Of one condition, images in [first, last].
ConditionRows read_rows(const store::Store& store, std::int64_t condition, std::int64_t first,
                        std::int64_t last) {
  const std::array<std::int64_t, 3> values = {condition, first, last};
  const auto read = [&]<class Row>(std::vector<Row>& rows) {
    // Rows lie by image, then condition: named one by one, the images' rows of other conditions are not read.
    rows = store.read<Row>("condition = ? AND image IN (SELECT image FROM image WHERE image BETWEEN ? AND ?)",
                           values);
  };
  ConditionRows rows;
  read(rows.attacks);
  read(rows.inputs);
  read(rows.point_responses);
  read(rows.contributions);
  read(rows.heatmap_responses);
  read(rows.shapley);
  read(rows.gate_sets);
  read(rows.interventions);
  read(rows.substitutions);
  read(rows.identities);
  read(rows.detections);
  return rows;
}

}  // namespace

StoredRun read_run(const store::Store& store) {
  return {.run = store.run(),
          .networks = store.read<store::NetworkRow>(),
          .blocks = store.read<store::BlockRow>(),
          .layers = store.read<store::LayerRow>(),
          .points = store.read<store::PointRow>(),
          .segments = store.read<store::SegmentRow>(),
          .conditions = store.read<store::ConditionRow>(),
          .images = store.read<store::ImageRow>()};
}

ConditionEvidence read_condition(const store::Store& store, const StoredRun& run, std::int64_t condition) {
  const auto row = std::find_if(run.conditions.begin(), run.conditions.end(),
                                [&](const store::ConditionRow& of) { return of.condition == condition; });
  require(row != run.conditions.end(), "read_condition: the run has no such condition");
  ConditionGatherer gatherer(run, *row);
  std::vector<std::int64_t> images;
  for (const store::ImageRow& image : run.images) images.push_back(image.image);
  std::sort(images.begin(), images.end());
  for (std::size_t i = 0; i < images.size(); i += kImagesAtOnce) {
    const std::size_t last = std::min(i + kImagesAtOnce, images.size()) - 1;
    gatherer.add(read_rows(store, condition, images[i], images[last]));
  }
  return gatherer.finish();
}

LoadCondition loader(const store::Store& store, const StoredRun& run) {
  return [&store, &run](std::int64_t condition) { return read_condition(store, run, condition); };
}

}  // namespace faultline::findings
