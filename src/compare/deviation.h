#pragma once

#include <span>
#include <vector>

#include "compare/measured.h"

namespace faultline::compare {

// How far the activation A' of an input is from the clean one A at a point: |A' - A| / |A|, Euclidean norms
// over all channels and positions. Missing where A is 0.
Measured deviation(double distance, double clean_norm);

// How much larger the deviations of some inputs are at a point than those of Gaussian noise:
//   e = ln dev - mean over the gaussian rows of ln dev,   one for each input (row).
// Missing for a row whose deviation is missing or 0; for all rows if there are no gaussian ones or one of
// those is so.
std::vector<Measured> log_excess(std::span<const Measured> deviations,
                                 std::span<const std::size_t> gaussian_rows);

}  // namespace faultline::compare
