#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "findings/measure.h"

namespace faultline::findings {

// Means of several positions over units (images), with 95 % intervals that all hold together.
//   names [positions]; units [n][positions], in which values may be missing -> [positions]
// Positions without a value take no part. Where at most kMostIncomplete of the other units lack a value,
// those are left out, and the intervals are max-t bootstrap bands (stats/simultaneous_bands.h). Otherwise,
// and where hardly any unit of a position differs from the rest, so that it has no band or one that makes all
// others' worthless (kWidestBands), each position is averaged over the units that have it, with a percentile
// bootstrap interval of confidence 1 - 0.05 / positions (Bonferroni).
// A mean over one unit has no interval.
std::vector<Measure> simultaneous_means(const std::vector<std::string>& names,
                                        const std::vector<std::vector<Measured>>& units,
                                        std::size_t resamples);

}  // namespace faultline::findings
