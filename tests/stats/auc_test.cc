#include "stats/auc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "samples.h"
#include "stats/distributions.h"
#include "stored.h"

namespace faultline::stats {
namespace {

TEST(Auc, StoredInterval) {
  const auto& of = test::stored("area");
  std::vector<ScoredCase> cases;
  for (std::size_t i = 0; i < of.at("scores").size(); ++i) {
    cases.push_back(
        {.score = of.at("scores")[i], .positive = of.at("positive")[i], .unit = of.at("unit")[i]});
  }
  const auto found = area_under_curve(cases, test::options_of(of));
  test::expect_figure(found->value, of.at("area"), "area");
  test::expect_interval(found->interval, of.at("interval"), "area");
}

// A unit each.
std::vector<ScoredCase> independent(std::span<const double> positives, std::span<const double> negatives) {
  std::vector<ScoredCase> cases;
  for (const double score : positives) cases.push_back({score, true, cases.size()});
  for (const double score : negatives) cases.push_back({score, false, cases.size()});
  return cases;
}

// Two approximations of the same interval: within a tenth of its width.
TEST(Auc, OfIndependentCasesIsAboutDeLongs) {
  const auto& of = test::stored("independent");
  const std::vector<double> positives = of.at("positives");
  const std::vector<double> negatives = of.at("negatives");
  const Interval found = *area_under_curve(independent(positives, negatives))->interval;
  const double lower = of.at("delong")[0];
  const double upper = of.at("delong")[1];
  EXPECT_NEAR(found.lower, lower, (upper - lower) / 10);
  EXPECT_NEAR(found.upper, upper, (upper - lower) / 10);
}

TEST(Auc, OfCurvesByHand) {
  EXPECT_EQ(area_under_curve(independent(std::vector<double>{3, 4}, std::vector<double>{1, 2}))->value, 1);
  EXPECT_EQ(area_under_curve(independent(std::vector<double>{1, 2}, std::vector<double>{3, 4}))->value, 0);
  EXPECT_EQ(area_under_curve(independent(std::vector<double>{1, 3}, std::vector<double>{1, 2}))->value,
            0.625);
  EXPECT_EQ(area_under_curve(independent(std::vector<double>{7, 7}, std::vector<double>{7}))->value, 0.5);
}

TEST(Auc, ExchangeTurnsItRoundAndMonotoneMapsDoNotMatter) {
  const std::vector<double> scores = test::normals("auc", 0, 60);
  std::vector<ScoredCase> cases;
  std::vector<ScoredCase> exchanged;
  std::vector<ScoredCase> mapped;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    cases.push_back({.score = std::round(4 * scores[i]), .positive = i % 3 == 0, .unit = i / 3});
    exchanged.push_back({.score = cases[i].score, .positive = i % 3 != 0, .unit = i / 3});
    mapped.push_back({.score = std::exp(cases[i].score), .positive = i % 3 == 0, .unit = 7 * (i / 3)});
  }
  const Estimate found = *area_under_curve(cases, {.resamples = 500});
  test::expect_same(found, *area_under_curve(mapped, {.resamples = 500}));
  const Estimate other = *area_under_curve(exchanged, {.resamples = 500});
  EXPECT_NEAR(found.value, 1 - other.value, 1e-15);
  EXPECT_NEAR(found.interval->lower, 1 - other.interval->upper, 1e-12);
  EXPECT_NEAR(found.interval->upper, 1 - other.interval->lower, 1e-12);
}

TEST(Auc, NeitherOrderNorThreadsMatter) {
  const std::vector<double> scores = test::normals("auc", 1, 45);
  std::vector<ScoredCase> cases;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    cases.push_back({.score = std::round(3 * scores[i]), .positive = i % 2 == 0, .unit = i / 4});
  }
  const auto found = test::under_threads([&] { return *area_under_curve(cases, {.resamples = 500}); });
  test::expect_same(found[0], found[1]);
  test::expect_same(found[0], found[2]);
  std::reverse(cases.begin(), cases.end());
  test::expect_same(found[0], *area_under_curve(cases, {.resamples = 500}));
}

// Ten cases alike in each unit say no more than one: the interval must not narrow.
TEST(Auc, RepeatedCasesOfAUnitAddNothing) {
  const std::vector<double> scores = test::normals("auc", 2, 60);
  std::vector<ScoredCase> once;
  std::vector<ScoredCase> often;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    once.push_back({.score = scores[i] + (i % 2 == 0 ? 1 : 0), .positive = i % 2 == 0, .unit = i / 2});
    often.insert(often.end(), 10, once.back());
  }
  test::expect_same(*area_under_curve(once, {.resamples = 500}),
                    *area_under_curve(often, {.resamples = 500}));
}

TEST(Auc, OfCompleteSeparation) {
  const auto found =
      area_under_curve(independent(std::vector<double>(15, 2.0), std::vector<double>(15, 1.0)));
  EXPECT_EQ(found->value, 1);
  EXPECT_EQ(found->interval->lower, 1);
}

TEST(Auc, IsMissingWithoutEitherKind) {
  const std::vector<double> scores = {1, 2, 3};
  EXPECT_FALSE(area_under_curve({}));
  EXPECT_FALSE(area_under_curve(independent(scores, {})));
  EXPECT_FALSE(area_under_curve(independent({}, scores)));
  const std::vector<ScoredCase> one_unit = {{1, true, 5}, {0, false, 5}};
  EXPECT_EQ(area_under_curve(one_unit)->value, 1);
  EXPECT_FALSE(area_under_curve(one_unit)->interval);
  // A single positive among 20 units: 0.36 of the resamples lack it.
  EXPECT_FALSE(area_under_curve(independent(std::vector<double>{1}, test::normals("auc", 3, 19)))->interval);
}

TEST(Auc, RefusesWhatIsNotFinite) {
  EXPECT_THROW(area_under_curve(std::vector<ScoredCase>{{test::kNan, true, 0}, {1, false, 1}}),
               ContractError);
}

// Units with a positive and a negative that share half of their variance. The positive of one unit and the
// negative of another share nothing: their difference is normal with mean 1 and variance 2.
TEST(Auc, CoversAboutAsOftenAsItSays) {
  constexpr int kSamples = 500;
  constexpr std::size_t kUnits = 50;
  const double truth = normal_cdf(1 / std::sqrt(2.0));
  int covered = 0;
  for (int i = 0; i < kSamples; ++i) {
    const std::vector<double> noise = test::normals("auc coverage", i, 3 * kUnits);
    std::vector<ScoredCase> cases;
    for (std::size_t u = 0; u < kUnits; ++u) {
      for (std::size_t kind = 0; kind < 2; ++kind) {
        const double score = (noise[3 * u] + noise[3 * u + 1 + kind]) / std::sqrt(2.0);
        cases.push_back({.score = score + (kind == 1 ? 1 : 0), .positive = kind == 1, .unit = u});
      }
    }
    const BootstrapOptions options = {.resamples = 400, .seed = static_cast<std::uint64_t>(i)};
    covered += test::contains(*area_under_curve(cases, options)->interval, truth) ? 1 : 0;
  }
  test::expect_share(covered, kSamples, 0.945);
}

}  // namespace
}  // namespace faultline::stats
