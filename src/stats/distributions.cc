#include "stats/distributions.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/complement.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "base/error.h"

namespace faultline::stats {

double normal_cdf(double z) {
  require(!std::isnan(z), "normal_cdf: z is not a number");
  return boost::math::cdf(boost::math::normal(), z);
}

double normal_quantile(double p) {
  require(p > 0 && p < 1, "normal_quantile: p must be in (0,1)");
  return boost::math::quantile(boost::math::normal(), p);
}

double chi_squared_survival(double x, double degrees) {
  require(x >= 0 && std::isfinite(x) && degrees > 0 && std::isfinite(degrees),
          "chi_squared_survival: argument out of range");
  return boost::math::cdf(boost::math::complement(boost::math::chi_squared(degrees), x));
}

double student_t_survival(double t, double degrees) {
  require(!std::isnan(t) && degrees > 0 && std::isfinite(degrees),
          "student_t_survival: argument out of range");
  return boost::math::cdf(boost::math::complement(boost::math::students_t(degrees), t));
}

double binomial_cdf(std::size_t successes, std::size_t trials, double probability) {
  require(probability >= 0 && probability <= 1, "binomial_cdf: probability must be in [0,1]");
  if (successes >= trials) return 1;
  return boost::math::cdf(boost::math::binomial(static_cast<double>(trials), probability),
                          static_cast<double>(successes));
}

}  // namespace faultline::stats
