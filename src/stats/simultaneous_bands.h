#pragma once

#include <optional>
#include <vector>

#include "stats/interval.h"
#include "stats/resampler.h"
#include "stats/table.h"

namespace faultline::stats {

// The means of the columns of a table whose rows are units, with intervals that all hold together: max-t
// bootstrap bands (Romano and Wolf, Econometrica 2005; Mandel and Betensky, CSDA 2008).
//   mean_j -+ q s_j / sqrt(n), s_j with ddof 1; q the `confidence` quantile over resamples of whole rows of
//   T* = max over j of |mean*_j - mean_j| sqrt(n) / s*_j, mean* and s* those of the resample.
// Rows are drawn whole, so columns keep their dependence: the more alike they are, the narrower the bands.
//   A column of equal values has a band of width 0 and no part in the maximum. A resample that draws equal
//   values of another column has an infinite T* (0 if they are its mean). Missing without a row. The
//   intervals are missing for one row, and, but for columns of equal values, where q is infinite: with less
//   than about four rows, or a column in which too few differ. Neither the order of the rows nor the number
//   of threads changes a bit of the result.
// Throws ContractError if an option is out of range.
std::optional<std::vector<Estimate>> simultaneous_bands(const Table& units,
                                                        const BootstrapOptions& options = {});

}  // namespace faultline::stats
