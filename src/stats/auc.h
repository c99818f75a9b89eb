#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "stats/interval.h"
#include "stats/resampler.h"

namespace faultline::stats {

struct ScoredCase {
  double score = 0;
  bool positive = false;
  std::size_t unit = 0;  // what the case comes from; any number
};

// Area under the receiver operating characteristic (Hanley and McNeil, Radiology 1982): the chance that a
// positive scores above a negative,
//   (number of pairs with score_p > score_n + half of those with equal scores) / number of pairs.
// The interval is the percentile bootstrap's over *units* (bootstrap.h), each drawn with all its cases: cases
// of one unit may be as dependent as they like, which DeLong's interval would take for information. Resamples
// that lack positives or negatives are left out. Where all positives score above all negatives its width is
// 0: how rare an overlap is, such a sample cannot say beyond its number of units.
//   Missing without positives or negatives; without an interval for one unit and where more than a tenth of
//   the resamples were left out. Neither the order of the cases nor the number of threads changes a bit of
//   the result; the order of the units' numbers does, by the simulation error.
// Throws ContractError if a score is not finite or an option is out of range.
std::optional<Estimate> area_under_curve(std::span<const ScoredCase> cases,
                                         const BootstrapOptions& options = {});

}  // namespace faultline::stats
