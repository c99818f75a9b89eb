#include "heatmap/rectified.h"

#include <algorithm>

namespace faultline::heatmap {

DoubleTensor rectified(DoubleTensor map) {
  for (double& value : map.values()) value = value < 0 ? 0.0 : value;
  return map;
}

bool is_blank(DoubleTensorView map) {
  return std::ranges::all_of(map.values(), [](double value) { return value == 0; });
}

}  // namespace faultline::heatmap
