#pragma once

#include <span>
#include <vector>

#include "findings/measure.h"

namespace faultline::findings {

// Whether a perturbed input's deviation at a point is that of one more Gaussian draw (docs/method.md,
// "Compromised points"):
//   T = (ln dev - mean) / (s sqrt(1 + 1/K)),  mean and s (ddof 1) of the K gaussian draws' ln dev,
// two-sided p by Student's t with K - 1 degrees.
//   deviation: |A' - A| / |A|; draws: the same of each gaussian draw.
// Missing where a deviation is missing or 0, for K < 2, and where all draws are equal.
Measured deviating_p(Measured deviation, std::span<const Measured> draws);

// Which of an image's points deviate: Holm's adjusted p at most kAlpha. Points without a p do not.
std::vector<bool> deviating(std::span<const Measured> p);

}  // namespace faultline::findings
