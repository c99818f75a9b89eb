#include "stats/bca.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "samples.h"
#include "stats/bootstrap.h"
#include "stored.h"

namespace faultline::stats {
namespace {

using test::normals;

std::vector<double> exponentials(const std::string& name, int number, std::size_t count) {
  std::vector<double> values;
  const RandomStream stream(19, name + '/' + std::to_string(number));
  for (std::uint64_t i = 0; i < count; ++i) values.push_back(-std::log(stream.uniform(i)));
  return values;
}

TEST(Bca, StoredIntervals) {
  for (const auto& of : test::stored("bootstrap")) {
    const auto found = bca_mean(of.at("sample").get<std::vector<double>>(), test::options_of(of));
    test::expect_figure(found->value, of.at("mean"), "mean");
    test::expect_interval(found->interval, of.at("bca_interval"), "bca");
  }
}

// SciPy drew 400,000 resamples of its own. The quantiles of 10,000 are off by about sqrt(0.025 0.975 /
// 10,000) over a density of 0.058 per standard error there, 0.03 standard errors: four of those.
TEST(Bca, IsWhatScipyFindsByItsOwnResamples) {
  const auto& of = test::stored("scipy_bca");
  const Interval found = *bca_mean(of.at("sample").get<std::vector<double>>())->interval;
  const double tolerance = 4 * 0.03 * of.at("standard_error").get<double>();
  EXPECT_NEAR(found.lower, of.at("interval").at(0).get<double>(), tolerance);
  EXPECT_NEAR(found.upper, of.at("interval").at(1).get<double>(), tolerance);
}

// Right-skewed: both ends lie above the percentile interval's.
TEST(Bca, FollowsTheSkewness) {
  const std::vector<double> sample = exponentials("skew", 0, 30);
  const Interval corrected = *bca_mean(sample)->interval;
  const Interval plain = *bootstrap_mean(sample)->interval;
  EXPECT_GT(corrected.lower, plain.lower);
  EXPECT_GT(corrected.upper, plain.upper);
}

TEST(Bca, MirrorsASample) {
  const std::vector<double> sample = exponentials("mirror", 0, 40);
  std::vector<double> negated = sample;
  for (double& x : negated) x = -x;
  // The order of the values turns round, and other resamples are drawn: equal up to simulation error, of
  // which four times 0.03 standard errors.
  const Interval of = *bca_mean(sample)->interval;
  const Interval mirrored = *bca_mean(negated)->interval;
  const double tolerance = 4 * 0.03 * (of.upper - of.lower) / (2 * 1.96);
  EXPECT_NEAR(of.lower, -mirrored.upper, tolerance);
  EXPECT_NEAR(of.upper, -mirrored.lower, tolerance);
}

TEST(Bca, NeitherOrderNorThreadsNorScaleMatter) {
  const std::vector<double> sample = exponentials("order", 0, 33);
  test::expect_same(*bca_mean(sample), *bca_mean(test::shuffled(sample)));
  const auto found = test::under_threads([&] { return *bca_mean(sample); });
  test::expect_same(found[0], found[1]);
  test::expect_same(found[0], found[2]);
  std::vector<double> tiny = sample;
  for (double& x : tiny) x *= 0x1p-500;  // its cubes are all 0
  EXPECT_EQ(bca_mean(tiny)->interval->lower, 0x1p-500 * found[0].interval->lower);
  EXPECT_EQ(bca_mean(tiny)->interval->upper, 0x1p-500 * found[0].interval->upper);
}

// Values whose resampled means often equal the mean but for rounding.
TEST(Bca, CountsTiesHalf) {
  const std::vector<double> tenths = {0.1, 0.1, 0.2, 0.2, 0.3, 0.3};
  const std::vector<double> whole = {1, 1, 2, 2, 3, 3};
  const Interval found = *bca_mean(tenths)->interval;
  const Interval expected = *bca_mean(whole)->interval;
  EXPECT_NEAR(found.lower, expected.lower / 10, 1e-15);
  EXPECT_NEAR(found.upper, expected.upper / 10, 1e-15);
}

TEST(Bca, OfVeryFewUnits) {
  EXPECT_FALSE(bca_mean({}));
  const auto one = bca_mean(std::vector<double>{2.5});
  EXPECT_EQ(one->value, 2.5);
  EXPECT_FALSE(one->interval);
  const auto equal = bca_mean(std::vector<double>(9, 0.1));
  EXPECT_EQ(equal->value, 0.1);
  EXPECT_EQ(equal->interval->lower, 0.1);
  EXPECT_EQ(equal->interval->upper, 0.1);
}

// One resample, which with this seed lies above the mean.
TEST(Bca, HasNoIntervalWhereAllResamplesLieOnOneSide) {
  const auto found = bca_mean(std::vector<double>{1, 2, 4, 8, 16.5}, {.resamples = 1, .seed = 1});
  EXPECT_EQ(found->value, 6.3);
  EXPECT_FALSE(found->interval);
}

TEST(Bca, RefusesWhatIsNotFinite) {
  EXPECT_THROW(bca_mean(std::vector<double>{1, test::kNan}), ContractError);
  EXPECT_THROW(bca_mean(std::vector<double>{1, 2}, {.confidence = 1.5}), ContractError);
}

// Of 50 normal values, and of exponential ones, where the percentile interval falls shorter.
TEST(Bca, CoversAboutAsOftenAsItSays) {
  constexpr int kSamples = 800;
  int symmetric = 0;
  int skewed = 0;
  for (int i = 0; i < kSamples; ++i) {
    const BootstrapOptions options = {.resamples = 500, .seed = static_cast<std::uint64_t>(i)};
    symmetric += test::contains(*bca_mean(normals("bca", i, 50), options)->interval, 0) ? 1 : 0;
    skewed += test::contains(*bca_mean(exponentials("bca", i, 80), options)->interval, 1) ? 1 : 0;
  }
  test::expect_share(symmetric, kSamples, 0.94);
  test::expect_share(skewed, kSamples, 0.94);
}

}  // namespace
}  // namespace faultline::stats
