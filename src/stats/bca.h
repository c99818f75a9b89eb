#pragma once

#include <optional>
#include <span>

#include "stats/interval.h"
#include "stats/resampler.h"

namespace faultline::stats {

// The mean with a bias-corrected and accelerated bootstrap interval (Efron, JASA 1987): the quantiles of the
// resampled means at
//   Phi(z0 + (z0 + z) / (1 - a (z0 + z))),  z = Phi^-1((1 -+ confidence) / 2),
//   z0 = Phi^-1(share of resampled means below the mean, those equal to it counted half),
//   a  = sum d^3 / (6 (sum d^2)^(3/2)), d = x - mean: the jackknife's acceleration, in closed form for a
//   mean.
// Against the percentile interval it follows the sample's skewness.
//   Missing without a value; without an interval for a single value, and where all resampled means lie on one
//   side of the mean, so that z0 is infinite (few resamples); of width 0 for equal values. Neither the order
//   of the sample nor the number of threads changes a bit of the result.
// Throws ContractError if a value is not finite or an option is out of range.
std::optional<Estimate> bca_mean(std::span<const double> sample, const BootstrapOptions& options = {});

}  // namespace faultline::stats
