#pragma once

#include <cstddef>

namespace faultline::stats {

// Distribution functions, by Boost.Math in extended precision: relative error near machine epsilon, in the
// tails too. All throw ContractError if an argument is not a number or out of the range given.

// P(Z <= z) of the standard normal; z may be infinite. P(Z >= z) is normal_cdf(-z).
double normal_cdf(double z);

// The z with P(Z <= z) = p, p in (0,1).
double normal_quantile(double p);

// P(X >= x) of chi-squared with `degrees` > 0 degrees of freedom, x >= 0 and finite.
double chi_squared_survival(double x, double degrees);

// P(T >= t) of Student's t with `degrees` > 0 degrees of freedom; t may be infinite.
double student_t_survival(double t, double degrees);

// P(X <= successes) of `trials` independent trials that each succeed with `probability` in [0,1].
double binomial_cdf(std::size_t successes, std::size_t trials, double probability);

}  // namespace faultline::stats
