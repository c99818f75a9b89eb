#include "findings/susceptible_layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "synthetic.h"

namespace faultline::findings {
namespace {

using ::testing::HasSubstr;

const StoredRun kRun = test::vgg16();

bool is_named(std::size_t point) {
  const std::string& name = kRun.points[point].name;
  return name == "block4_conv1" || name == "block5_conv1";
}

// In `share` of the images the named layers have the largest steps, in the others the smallest.
ConditionEvidence with(double share, std::size_t n = 100) {
  ConditionEvidence of = test::evidence(n);
  test::set_steps(kRun, of, "adversarial", [&](std::size_t image, std::size_t point) {
    const double noise = 0.1 * test::normal("steps", image, point);
    const bool large = static_cast<double>(image) < share * static_cast<double>(n);
    return is_named(point) ? (large ? 2.0 : -2.0) + noise : noise;
  });
  return of;
}

std::vector<ConditionEvidence> twins(double named) {
  std::vector<ConditionEvidence> found = {test::evidence(5)};
  test::set_steps(kRun, found[0], "adversarial",
                  [&](std::size_t, std::size_t point) { return is_named(point) ? named : 0.0; });
  return found;
}

TEST(Outranked, CountsTiesHalf) {
  const std::vector<Measured> steps = {1.0, 2.0, Measured{}, 2.0, 3.0};
  EXPECT_DOUBLE_EQ(*outranked(steps, 1), 0.5);  // above 1, tied with 2, below 3
  EXPECT_DOUBLE_EQ(*outranked(steps, 0), 0);
  EXPECT_DOUBLE_EQ(*outranked(steps, 4), 1);
  EXPECT_FALSE(outranked(steps, 2));
  EXPECT_FALSE(outranked({1.0, Measured{}}, 0));
}

TEST(TwinSteps, TheImagesOwnOrElseTheTwinsMean) {
  std::vector<ConditionEvidence> of = {test::evidence(2), test::evidence(1), test::evidence(1)};
  test::set_steps(kRun, of[0], "adversarial", [](std::size_t image, auto) { return image == 0 ? 1.0 : 3.0; });
  test::set_steps(kRun, of[1], "adversarial", [](auto, auto) { return 10.0; });
  of[2].images[0].attack.success = false;  // its attack failed: as if it were not there
  const TwinSteps steps(of, kRun.points.size());
  EXPECT_DOUBLE_EQ(*steps.at(0, 4), (1.0 + 10) / 2);
  EXPECT_DOUBLE_EQ(*steps.at(1, 4), (3.0 + 10) / 2);
  EXPECT_DOUBLE_EQ(*steps.at(7, 4), (2.0 + 10) / 2);
  EXPECT_FALSE(steps.at(0, 0));  // the image itself takes no step
  EXPECT_TRUE(TwinSteps({}, kRun.points.size()).empty());
}

TEST(SusceptibleLayers, OnBothSidesOfTheBars) {
  const auto verdict = [](double share) { return susceptible_layers(kRun, with(share), twins(0)).verdict; };
  EXPECT_EQ(verdict(1.0), Verdict::supported);
  EXPECT_EQ(verdict(0.98), Verdict::supported);
  EXPECT_EQ(verdict(0.7), Verdict::undecided);
  EXPECT_EQ(verdict(0.2), Verdict::not_supported);
}

TEST(SusceptibleLayers, AreNothingIfTwinsShowTheSame) {
  EXPECT_EQ(susceptible_layers(kRun, with(1), twins(4)).verdict, Verdict::not_supported);
  const Answer answer = susceptible_layers(kRun, with(1), twins(1));
  EXPECT_EQ(answer.verdict, Verdict::supported);
  EXPECT_EQ(answer.measures.size(), 4U);
}

TEST(SusceptibleLayers, BothHaveToBe) {
  ConditionEvidence of = with(1);
  for (auto& image : of.images) {
    for (std::size_t point = 0; point < kRun.points.size(); ++point) {
      if (kRun.points[point].name == "block5_conv1") image.kinds["adversarial"].step[point] = -2.0;
    }
  }
  EXPECT_EQ(susceptible_layers(kRun, of, twins(0)).verdict, Verdict::not_supported);
}

TEST(SusceptibleLayers, WithoutTwinsAreNotSaidUnlessRefuted) {
  const Answer answer = susceptible_layers(kRun, with(1), {});
  EXPECT_EQ(answer.verdict, Verdict::not_said);
  EXPECT_THAT(answer.reason, HasSubstr("no twins"));
  EXPECT_EQ(susceptible_layers(kRun, with(0.2), {}).verdict, Verdict::not_supported);
  EXPECT_EQ(susceptible_layers(kRun, with(1), {}, {.against_twins = false}).verdict, Verdict::supported);
}

TEST(SusceptibleLayers, OfFewImagesOrOtherNetworks) {
  for (const std::size_t n : {0U, 1U, 2U, 19U}) {
    const Answer answer = susceptible_layers(kRun, with(1, n), twins(0));
    EXPECT_EQ(answer.verdict, Verdict::not_said) << n;
    EXPECT_THAT(answer.reason, HasSubstr("too few images")) << n;
  }
  EXPECT_THAT(susceptible_layers(test::chain({1, 1}), with(1), {}).reason,
              HasSubstr("no convolution layers"));
}

TEST(RankLayers, OfPlantedSteps) {
  ConditionEvidence of = test::evidence(40);
  const StoredRun run = test::chain({1, 1, 1});
  test::set_steps(run, of, "adversarial", [&](std::size_t image, std::size_t point) {
    return (point == 3 ? 1.0 : 0.0) + 0.1 * test::normal("ranks", image, point);
  });
  const auto ranks = rank_layers(run, convolution_steps(run, of, Selection::flipped));
  ASSERT_EQ(ranks.size(), 3U);
  EXPECT_EQ(ranks[1].layer, "block2_conv1");
  EXPECT_EQ(ranks[1].best, 1U);
  EXPECT_EQ(ranks[1].worst, 1U);
  EXPECT_EQ(ranks[0].best, 2U);
  EXPECT_EQ(ranks[0].worst, 3U);
  EXPECT_EQ(ranks[0].step.n, 40U);
}

TEST(RankLayers, OfNothingAreWhole) {
  for (const std::size_t n : {0U, 1U, 2U}) {
    const auto ranks = rank_layers(kRun, convolution_steps(kRun, with(1, n), Selection::flipped));
    ASSERT_EQ(ranks.size(), 13U);
    EXPECT_EQ(ranks[7].best, 1U);
    EXPECT_EQ(ranks[7].worst, 13U);
  }
  EXPECT_TRUE(rank_layers(test::chain({0}), {}).empty());
}

}  // namespace
}  // namespace faultline::findings
