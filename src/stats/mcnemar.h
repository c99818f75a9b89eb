#pragma once

#include <cstddef>

namespace faultline::stats {

// McNemar's test (Psychometrika 1947), exact: whether two paired yes-or-no outcomes are equally frequent,
// from the numbers of units that say yes to only one of them. Two-sided
//   p = min(1, 2 P(X <= min(b, c))),  X binomial of b + c trials at 1/2;  1 if b + c = 0.
double mcnemar_test(std::size_t only_first, std::size_t only_second);

}  // namespace faultline::stats
