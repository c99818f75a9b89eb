#pragma once

#include <optional>
#include <span>

namespace faultline::compare {

// A quantity that may be missing: undefined for these inputs (a blank map, a deviation of zero). A value that
// is there is finite. Each function says when its result is missing; zero never stands for it.
using Measured = std::optional<double>;

// numerator / denominator; missing where that is not finite, as where the denominator is 0.
Measured quotient(double numerator, double denominator);

// The mean of those that are there; missing if none is.
Measured mean_of(std::span<const Measured> values);

}  // namespace faultline::compare
