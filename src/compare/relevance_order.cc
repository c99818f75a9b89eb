#include "compare/relevance_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"

namespace faultline::compare {

std::vector<std::int64_t> relevance_order(TensorView relevance) {
  require(relevance.shape().rank() == 2, "relevance_order: expected a map [H,W]");
  require(std::ranges::all_of(relevance.values(), [](float v) { return std::isfinite(v); }),
          "relevance_order: a value is not finite");
  std::vector<std::int64_t> order(static_cast<std::size_t>(relevance.elements()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::ranges::stable_sort(order,
                           [&](std::int64_t a, std::int64_t b) { return relevance[a] > relevance[b]; });
  return order;
}

}  // namespace faultline::compare
