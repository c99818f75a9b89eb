#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace faultline::stats {

// A rule flags a case whose score is above a threshold. All below throw ContractError if a score is not
// finite.

struct RocPoint {
  double threshold = 0;
  double false_positive_rate = 0;  // share of the negatives above the threshold
  double true_positive_rate = 0;   // share of the positives above it
};

// The receiver operating characteristic: one point for each distinct score as the threshold, descending, from
// (0,0) at the largest score; the last, (1,1), has the next number below the smallest as its threshold. Empty
// if there are no positives or no negatives.
std::vector<RocPoint> roc_curve(std::span<const double> positives, std::span<const double> negatives);

// The least threshold among the negatives' scores that no more than this share of the negatives is above. On
// new negatives of the same kind the expected share above it is at most rate + 1 / (n + 1). Missing if there
// are no negatives. Throws ContractError if the rate is not in [0,1).
std::optional<double> threshold_at(std::span<const double> negatives, double false_positive_rate);

// How many scores are above the threshold: the successes of a proportion (wilson.h).
std::size_t count_above(std::span<const double> scores, double threshold);

}  // namespace faultline::stats
