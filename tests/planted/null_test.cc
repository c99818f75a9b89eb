#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

#include "findings/deviating.h"
#include "findings/rules.h"
#include "planted/null_run.h"
#include "stats/distributions.h"

namespace faultline::test {
namespace {

using findings::Finding;
using findings::Measured;
using findings::Verdict;

// Runs of each strength. FAULTLINE_NULL_RUNS=200 makes those of docs/method.md, in twenty minutes on one
// core.
int runs_wanted() {
  const char* const wanted = std::getenv("FAULTLINE_NULL_RUNS");
  return wanted ? std::max(1, std::atoi(wanted)) : 4;
}

// Images whose point, or some point of whom, is called deviating.
struct Count {
  std::size_t deviating = 0;
  std::size_t images = 0;
  void add(bool is) {
    deviating += is ? 1 : 0;
    ++images;
  }
  std::string text() const {
    const double share =
        static_cast<double>(deviating) / static_cast<double>(std::max<std::size_t>(1, images));
    return fmt::format("{} of {} ({:.2f} %)", deviating, images, 100 * share);
  }
};

// What of so many independent trials of 5 % succeeds with 99 %: the exact region, half a per cent cut off at
// either end.
struct Region {
  std::size_t least = 0;
  std::size_t most = 0;
};
Region region(std::size_t trials) {
  constexpr double kTail = 0.005;
  Region of;
  while (stats::binomial_cdf(of.least, trials, findings::kAlpha) <= kTail) ++of.least;
  of.most = of.least;
  while (stats::binomial_cdf(of.most, trials, findings::kAlpha) < 1 - kTail) ++of.most;
  return of;
}

struct Tally {
  std::size_t runs = 0, with_supported = 0;
  std::map<std::string, std::size_t> verdicts;  // "F1a not said"
  // By the family of an image's points, with Holm; of the first image of each run; by whether it flipped.
  Count family, first, flipped, kept;
  // Of single points, without it: the first convolution and the logits.
  Count first_layer, logits;
  // Runs in which the first half of F1b, against the weakest Gaussian noise that flips, would be supported.
  std::size_t beyond_flip_gaussian = 0;

  void add(const NullRun& run) {
    ++runs;
    bool supported = false;
    for (const Finding& finding : run.findings) {
      ++verdicts[finding.id + " " + std::string(name_of(finding.answer.verdict))];
      supported = supported || finding.answer.verdict == Verdict::supported;
      if (finding.id != "F1b") continue;
      const auto interval = findings::interval_of(finding.answer.measures.front());
      if (interval && interval->lower > findings::kLeastDistraction) ++beyond_flip_gaussian;
    }
    with_supported += supported ? 1 : 0;
    for (const NullImage& image : run.images) add(image, &image == &run.images.front());
  }

  void add(const NullImage& image, bool is_first) {
    const std::vector<bool> called = findings::deviating(image.deviating_p);
    const bool any = std::ranges::count(called, true) > 0;
    family.add(any);
    (image.flipped ? flipped : kept).add(any);
    if (is_first) first.add(any);
    const auto alone = [&](std::size_t point) {
      const Measured& p = image.deviating_p[point];
      return p && *p <= findings::kAlpha;
    };
    first_layer.add(alone(1));
    logits.add(alone(image.deviating_p.size() - 1));
  }

  std::string text() const {
    std::string lines = fmt::format("{} runs, {} with a supported finding:", runs, with_supported);
    for (const auto& [verdict, count] : verdicts) lines += fmt::format(" {} {},", verdict, count);
    lines += fmt::format(" F1b's first half {}\n", beyond_flip_gaussian);
    return lines + fmt::format(
                       "deviating: images {}, flipped {}, kept {}, first images {}; single points: first "
                       "layer {}, logits {}\n",
                       family.text(), flipped.text(), kept.text(), first.text(), first_layer.text(),
                       logits.text());
  }
};

void expect_calibrated(const Count& count, const char* what) {
  const Region of = region(count.images);
  EXPECT_GE(count.deviating, of.least) << what;
  EXPECT_LE(count.deviating, of.most) << what;
}

// Weak noise changes the answer of a third of the images, strong noise of nearly all.
class PlantedNull : public testing::TestWithParam<int> {};

TEST_P(PlantedNull, IsNotFound) {
  Tally tally;
  for (int i = 0; i < runs_wanted(); ++i) {
    tally.add(null_run({.number = static_cast<std::uint64_t>(1000 * GetParam() + i),
                        .eps = static_cast<float>(GetParam()) / 255}));
  }
  fmt::print("{}", tally.text());
  EXPECT_LE(tally.with_supported, tally.runs / 20);
  // The verdicts are mostly of runs with enough to go by.
  EXPECT_LE(2 * tally.verdicts["F1a not said"], tally.runs);
  // A single point's test is exact but for how normal ln dev is; Holm's family errs less often than 5 %, as
  // points depend on each other.
  expect_calibrated(tally.first_layer, "first layer");
  expect_calibrated(tally.logits, "logits");
  expect_calibrated(tally.first, "families, one image a run");
  EXPECT_LE(tally.family.deviating, region(tally.family.images).most);
}

INSTANTIATE_TEST_SUITE_P(OfNoise, PlantedNull, testing::Values(3, 32),
                         [](const auto& of) { return std::to_string(of.param) + "_of_255"; });

TEST(BinomialRegion, HoldsNinetyNinePerCent) {
  for (const std::size_t trials : {6UL, 200UL, 12'000UL}) {
    const Region of = region(trials);
    const double below = of.least == 0 ? 0 : stats::binomial_cdf(of.least - 1, trials, 0.05);
    EXPECT_GE(stats::binomial_cdf(of.most, trials, 0.05) - below, 0.99);
    EXPECT_LE(below, 0.005);
  }
  EXPECT_EQ(region(200).least, 3U);
  EXPECT_EQ(region(200).most, 19U);
}

}  // namespace
}  // namespace faultline::test
