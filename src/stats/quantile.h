#pragma once

#include <span>

#include "stats/interval.h"

namespace faultline::stats {

// The p-quantile of an ascending sample, linear between its order statistics x_0 .. x_(n-1):
//   x_k + (h - k)(x_(k+1) - x_k),  h = (n - 1) p,  k = floor(h)
// (Hyndman and Fan, The American Statistician 1996, type 7; NumPy's default).
//   Values may be infinite upwards: above a finite order statistic the quantile is then infinite too.
// Throws ContractError if the sample is empty or p is not in [0,1].
double quantile(std::span<const double> ascending, double p);

// What lies between the quantiles (1 - share) / 2 and (1 + share) / 2.
Interval central_interval(std::span<const double> ascending, double share);

}  // namespace faultline::stats
