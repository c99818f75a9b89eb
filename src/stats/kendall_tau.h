#pragma once

#include <optional>
#include <span>

namespace faultline::stats {

struct KendallTau {
  double tau = 0;  // -1 (opposite order) to 1 (same order)
  double p = 1;    // two-sided, of independent orders
  bool exact = true;
};

// Kendall's tau-b between two rankings of the same n items (Biometrika 1938; ties: 1945):
//   tau = (C - D) / sqrt((N - T_a)(N - T_b)),
// C and D the concordant and discordant pairs of the N = n (n - 1) / 2, T the pairs tied in a or in b.
//   p: exact without ties for n <= 33 (the distribution of the number of inversions of a random permutation);
//   else normal with the variance that ties leave (Kendall, Rank Correlation Methods, 1970), no continuity
//   correction. SciPy's kendalltau does the same, but that it is exact beyond 33 too if C or D is at most 1.
//   Takes n^2 steps. Missing for fewer than two items and where one ranking ties them all.
// Throws ContractError if the lengths differ or a value is not finite.
std::optional<KendallTau> kendall_tau(std::span<const double> a, std::span<const double> b);

}  // namespace faultline::stats
