#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace faultline::stats {

// What a small p speaks for: differences that tend to be above 0 (greater), below 0 (less), or either.
enum class Alternative { two_sided, greater, less };

struct SignedRankTest {
  std::size_t used = 0;     // differences other than 0
  std::size_t zeros = 0;    // dropped
  double positive_sum = 0;  // T+, the sum of the midranks of |d| over d > 0
  double negative_sum = 0;  // T-
  bool exact = true;
  double p = 1;
  // (T+ - T-) / (T+ + T-), in [-1,1]: the matched-pairs rank-biserial correlation (Kerby 2014), an effect
  // size. Missing if no difference is left.
  std::optional<double> rank_biserial;
};

// Wilcoxon's signed-rank test (Biometrics Bulletin 1945) of paired differences d: p under the hypothesis that
// d is distributed symmetrically about 0.
//   Zeros are dropped (Wilcoxon's own way), equal |d| share the mean of their ranks; two differences tie only
//   if they are equal in every bit. With up to 50 differences left p is exact, ties included; beyond, normal
//   with variance (n (n+1)(2n+1) - sum (t^3 - t) / 2) / 24 over groups of t ties and no continuity correction
//   (SciPy's wilcoxon(zero_method="wilcox", correction=False)). The two-sided p is twice the smaller tail, at
//   most 1. With nothing left p = 1.
// Throws ContractError if a difference is not finite.
SignedRankTest signed_rank_test(std::span<const double> differences,
                                Alternative alternative = Alternative::two_sided);

}  // namespace faultline::stats
