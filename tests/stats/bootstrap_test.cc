#include "stats/bootstrap.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "samples.h"
#include "stats/location.h"
#include "stored.h"

namespace faultline::stats {
namespace {

using test::contains;
using test::normals;

TEST(Bootstrap, StoredIntervals) {
  for (const auto& of : test::stored("bootstrap")) {
    const std::vector<double> sample = of.at("sample");
    const auto found_mean = bootstrap_mean(sample, test::options_of(of));
    const auto found_median = bootstrap_median(sample, test::options_of(of));
    test::expect_figure(found_mean->value, of.at("mean"), "mean");
    test::expect_figure(found_median->value, of.at("median"), "median");
    test::expect_interval(found_mean->interval, of.at("mean_interval"), "mean");
    test::expect_interval(found_median->interval, of.at("median_interval"), "median");
  }
}

TEST(Bootstrap, NeitherOrderNorThreadsMatter) {
  const std::vector<double> sample = normals("order", 0, 41);
  const std::vector<double> other = test::shuffled(sample);
  ASSERT_NE(sample, other);
  test::expect_same(*bootstrap_mean(sample), *bootstrap_mean(other));
  test::expect_same(*bootstrap_median(sample), *bootstrap_median(other));
  const auto found = test::under_threads([&] { return *bootstrap_median(sample); });
  test::expect_same(found[0], found[1]);
  test::expect_same(found[0], found[2]);
}

TEST(Bootstrap, FollowsShiftAndScale) {
  const std::vector<double> sample = normals("shift", 0, 24);
  std::vector<double> moved = sample;
  for (double& x : moved) x = 4 * x + 32;
  const Estimate mean_of = *bootstrap_mean(sample);
  const Estimate mean_moved = *bootstrap_mean(moved);
  EXPECT_NEAR(mean_moved.interval->lower, 4 * mean_of.interval->lower + 32, 1e-12);
  EXPECT_NEAR(mean_moved.interval->upper, 4 * mean_of.interval->upper + 32, 1e-12);
  EXPECT_NEAR(bootstrap_median(moved)->interval->upper, 4 * bootstrap_median(sample)->interval->upper + 32,
              1e-12);
}

// Of an odd number of values every resampled median is one of them; the quantiles are too if they fall on
// one.
TEST(Bootstrap, MedianFollowsMonotoneMaps) {
  const std::vector<double> sample = normals("map", 0, 25);
  std::vector<double> cubes = sample;
  for (double& x : cubes) x = x * x * x;
  const BootstrapOptions options = {.resamples = 1001, .confidence = 0.9};
  const Interval of = *bootstrap_median(sample, options)->interval;
  const Interval mapped = *bootstrap_median(cubes, options)->interval;
  EXPECT_DOUBLE_EQ(mapped.lower, of.lower * of.lower * of.lower);
  EXPECT_DOUBLE_EQ(mapped.upper, of.upper * of.upper * of.upper);
}

TEST(Bootstrap, OfVeryFewUnits) {
  for (const auto estimate : {bootstrap_mean, bootstrap_median}) {
    EXPECT_FALSE(estimate({}, {}));
    const auto one = estimate(std::vector<double>{2.5}, {});
    EXPECT_EQ(one->value, 2.5);
    EXPECT_FALSE(one->interval);
    const auto equal = estimate(std::vector<double>(9, 0.1), {});
    EXPECT_EQ(equal->interval->lower, 0.1);
    EXPECT_EQ(equal->interval->upper, 0.1);
  }
}

TEST(Bootstrap, RefusesWhatIsNotFinite) {
  EXPECT_THROW(bootstrap_mean(std::vector<double>{1, test::kNan}), ContractError);
  EXPECT_THROW(bootstrap_median(std::vector<double>{1, -test::kInfinity}), ContractError);
  EXPECT_THROW(bootstrap_mean({}, {.resamples = 0}), ContractError);
}

// The share of samples whose interval holds the truth. Percentile intervals are a little narrow: of 60 normal
// values that for the mean holds it 0.942 times (its half width is 1.96 sqrt(59/60) standard errors of a t
// with 59 degrees).
TEST(Bootstrap, CoversAboutAsOftenAsItSays) {
  constexpr int kSamples = 800;
  int means = 0;
  int medians = 0;
  for (int i = 0; i < kSamples; ++i) {
    const std::vector<double> sample = normals("coverage", i, 60);
    const BootstrapOptions options = {.resamples = 500, .seed = static_cast<std::uint64_t>(i)};
    means += contains(*bootstrap_mean(sample, options)->interval, 0) ? 1 : 0;
    medians += contains(*bootstrap_median(sample, options)->interval, 0) ? 1 : 0;
  }
  test::expect_share(means, kSamples, 0.942);
  test::expect_share(medians, kSamples, 0.945);
}

TEST(BootstrapInterval, IsThatOfTheMeanForAMean) {
  const std::vector<double> sample = ascending(normals("own", 0, 30));
  const auto own = bootstrap_interval(sample.size(), [&](std::span<const std::uint32_t> drawn) {
    double sum = 0;
    for (const std::uint32_t unit : drawn) sum += sample[unit];
    return std::optional<double>(sum / 30);
  });
  const Interval expected = *bootstrap_mean(sample)->interval;
  EXPECT_NEAR(own->lower, expected.lower, 1e-13);
  EXPECT_NEAR(own->upper, expected.upper, 1e-13);
}

// Missing where one of n units is not drawn: (1 - 1/n)^n, about 0.36, of the resamples.
TEST(BootstrapInterval, LeavesOutWhatIsMissing) {
  const auto unless_drawn = [](std::uint32_t limit) {
    return [=](std::span<const std::uint32_t> drawn) {
      const auto least = *std::min_element(drawn.begin(), drawn.end());
      return least < limit ? std::optional<double>(1.0) : std::nullopt;
    };
  };
  EXPECT_FALSE(bootstrap_interval(40, unless_drawn(1)));
  EXPECT_FALSE(bootstrap_interval(40, unless_drawn(2)));         // 0.13 missing
  EXPECT_EQ(bootstrap_interval(40, unless_drawn(3))->lower, 1);  // 0.04 missing
  EXPECT_FALSE(bootstrap_interval(1, unless_drawn(40)));
  EXPECT_FALSE(bootstrap_interval(0, unless_drawn(40)));
}

}  // namespace
}  // namespace faultline::stats
