#pragma once

#include <optional>
#include <span>

#include "compare/measured.h"

namespace faultline::compare {

struct Range {
  double least = 0;
  double largest = 0;
};

// The least and the largest of the steps that the harmless inputs of one image take at a point: what
// structured but harmless noise does there. Missing if all of them are.
//   steps: one for each row; harmless: the rows to look at.
std::optional<Range> harmless_range(std::span<const Measured> steps, std::span<const std::size_t> harmless);

}  // namespace faultline::compare
