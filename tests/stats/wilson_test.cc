#include "stats/wilson.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "samples.h"
#include "stats/distributions.h"
#include "stored.h"

namespace faultline::stats {
namespace {

TEST(Wilson, StoredIntervals) {
  for (const auto& of : test::stored("wilson")) {
    const auto found = wilson(of.at("successes"), of.at("trials"), of.at("confidence"));
    test::expect_interval(found->interval, {of.at("lower"), of.at("upper")}, of.dump());
  }
}

TEST(Wilson, OfNoneAndOfAll) {
  const Interval none = *wilson(0, 20)->interval;
  EXPECT_EQ(none.lower, 0);
  EXPECT_GT(none.upper, 0.1);
  const Interval all = *wilson(20, 20)->interval;
  EXPECT_LT(all.lower, 0.9);
  EXPECT_EQ(all.upper, 1);
  EXPECT_FALSE(wilson(0, 0));
}

TEST(Wilson, IsSymmetricAndHoldsItsProportion) {
  for (std::size_t n = 1; n <= 40; ++n) {
    for (std::size_t k = 0; k <= n; ++k) {
      const Estimate of = *wilson(k, n);
      const Interval mirrored = *wilson(n - k, n)->interval;
      EXPECT_NEAR(of.interval->lower, 1 - mirrored.upper, 1e-15);
      EXPECT_TRUE(test::contains(*of.interval, of.value)) << k << '/' << n;
      EXPECT_TRUE(of.interval->lower >= 0 && of.interval->upper <= 1);
    }
  }
}

double coverage(std::size_t n, double p) {
  double sum = 0;
  for (std::size_t k = 0; k <= n; ++k) {
    if (!test::contains(*wilson(k, n)->interval, p)) continue;
    sum += binomial_cdf(k, n, p) - (k == 0 ? 0 : binomial_cdf(k - 1, n, p));
  }
  return sum;
}

// Computed, not simulated. The score interval is right on average over p and never far off but near 0 and 1,
// where it falls to 0.83 (Agresti and Coull 1998).
TEST(Wilson, CoversAboutAsOftenAsItSays) {
  double sum = 0;
  for (int i = 0; i < 200; ++i) {
    const double at = coverage(50, (i + 0.5) / 200);
    EXPECT_GT(at, 0.83);
    sum += at;
  }
  EXPECT_NEAR(sum / 200, 0.95, 0.005);
}

TEST(Wilson, RefusesWhatIsNoProportion) {
  EXPECT_THROW(wilson(3, 2), ContractError);
  EXPECT_THROW(wilson(1, 2, 1.0), ContractError);
}

}  // namespace
}  // namespace faultline::stats
