#include "compare/heatmap_responses.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "base/parallel.h"

namespace faultline::compare {

namespace {

HeatmapMeasures measure(const RankedMap& clean, const RankedMap& map,
                        std::span<const MapDistance> distances) {
  HeatmapMeasures measures{.blank = map.blank(), .concentration = concentration(map), .distances = {}};
  for (const MapDistance& distance : distances) measures.distances.push_back(distance.distance(clean, map));
  return measures;
}

}  // namespace

std::vector<HeatmapResponse> measure_heatmaps(std::vector<DoubleTensor> maps,
                                              std::span<const MapDistance> distances) {
  if (maps.empty()) return {};
  require(maps[0].shape().rank() == 3 && maps[0].shape()[0] > 0, "measure_heatmaps: maps [rows,h,w]");
  for (const DoubleTensor& of_method : maps)
    require(of_method.shape() == maps[0].shape(), "measure_heatmaps: maps of one layer");
  const std::int64_t rows = maps[0].shape()[0];
  const std::int64_t count = std::ssize(maps) * rows;
  const auto method_of = [rows](std::int64_t i) { return static_cast<std::size_t>(i / rows); };
  std::vector<std::optional<RankedMap>> ranked(static_cast<std::size_t>(count));
  parallel_for(count, [&](std::int64_t i) {
    ranked[static_cast<std::size_t>(i)].emplace(std::as_const(maps[method_of(i)]).row(i % rows));
  });
  std::vector<HeatmapResponse> responses(maps.size());
  for (HeatmapResponse& response : responses) response.rows.resize(static_cast<std::size_t>(rows));
  parallel_for(count, [&](std::int64_t i) {
    const RankedMap& clean = *ranked[static_cast<std::size_t>(i - i % rows)];
    responses[method_of(i)].rows[static_cast<std::size_t>(i % rows)] =
        measure(clean, *ranked[static_cast<std::size_t>(i)], distances);
  });
  for (std::size_t m = 0; m < maps.size(); ++m) responses[m].maps = std::move(maps[m]);
  return responses;
}

}  // namespace faultline::compare
