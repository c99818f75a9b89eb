#include "compare/harmless_range.h"

#include <algorithm>

namespace faultline::compare {

std::optional<Range> harmless_range(std::span<const Measured> steps, std::span<const std::size_t> harmless) {
  std::optional<Range> range;
  for (const std::size_t row : harmless) {
    if (!steps[row]) continue;
    const double step = *steps[row];
    range = range ? Range{std::min(range->least, step), std::max(range->largest, step)} : Range{step, step};
  }
  return range;
}

}  // namespace faultline::compare
