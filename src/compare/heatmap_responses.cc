#include "compare/heatmap_responses.h"

#include <utility>

#include "base/parallel.h"

namespace faultline::compare {

HeatmapResponse measure_heatmaps(DoubleTensor maps, std::span<const MapDistance> distances) {
  require(maps.shape().rank() == 3 && maps.shape()[0] > 0, "measure_heatmaps: maps [rows,h,w]");
  const RankedMap clean(maps.row(0));
  HeatmapResponse response;
  response.rows.resize(static_cast<std::size_t>(maps.shape()[0]));
  parallel_for(maps.shape()[0], [&](std::int64_t row) {
    const RankedMap map(std::as_const(maps).row(row));
    HeatmapMeasures& measures = response.rows[static_cast<std::size_t>(row)];
    measures.blank = map.blank();
    measures.concentration = concentration(map);
    for (const MapDistance& distance : distances) measures.distances.push_back(distance.distance(clean, map));
  });
  response.maps = std::move(maps);
  return response;
}

}  // namespace faultline::compare
