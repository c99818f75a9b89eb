#include "compare/step.h"

#include <algorithm>

#include "base/error.h"

namespace faultline::compare {

std::vector<Measured> steps(std::span<const net::Point> points, std::span<const Measured> excess) {
  require(points.size() == excess.size(), "steps: one excess for each point");
  std::vector<Measured> steps(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    Measured before;
    for (const int predecessor : points[i].predecessors) {
      // A missing value compares as less than any other.
      before = std::max(before, excess[static_cast<std::size_t>(predecessor)]);
    }
    if (excess[i] && before) steps[i] = *excess[i] - *before;
  }
  return steps;
}

}  // namespace faultline::compare
