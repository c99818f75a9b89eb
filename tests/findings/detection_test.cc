#include "findings/detection.h"

#include <gtest/gtest.h>

#include "findings/halves.h"
#include "synthetic.h"

namespace faultline::findings {
namespace {

// A quantity at points 1 and 2: adversarial values are above the others by `shift` at point 2, not at 1.
ConditionEvidence evidence(std::size_t n, double shift) {
  ConditionEvidence of = test::evidence(n);
  for (const std::int64_t point : {1, 2}) {
    auto& values = of.detection[{.quantity = "noisecam-mass", .point = point}];
    for (std::size_t i = 0; i < n; ++i) {
      const auto add = [&](DetectionInput input, std::int64_t draw, double by) {
        const auto place = static_cast<std::size_t>(10 * point + 3 * static_cast<int>(input) + draw);
        values.push_back({.image = static_cast<std::int64_t>(i),
                          .input = input,
                          .draw = draw,
                          .value = by + test::normal("detection", i, place)});
      };
      add(DetectionInput::clean, 0, 0);
      add(DetectionInput::adversarial, 0, point == 2 ? shift : 0);
      add(DetectionInput::gaussian, 0, 0);
      add(DetectionInput::gaussian, 1, 0);
    }
  }
  return of;
}

TEST(Separations, AreAreasOfPositivesOverNegatives) {
  ConditionEvidence of = test::evidence(2);
  of.detection[{.quantity = "noisecam-mass", .point = 1}] = {
      {.image = 0, .input = DetectionInput::clean, .value = 1},
      {.image = 1, .input = DetectionInput::clean, .value = 2},
      {.image = 0, .input = DetectionInput::adversarial, .value = 3},
      {.image = 1, .input = DetectionInput::adversarial, .value = 1.5}};
  const auto found = separations(of);
  ASSERT_EQ(found.size(), 1U);  // no Gaussian inputs
  EXPECT_DOUBLE_EQ(found[0].area.estimate->value, 0.75);
  EXPECT_EQ(found[0].area.n, 2U);
  EXPECT_EQ(found[0].positives, 2U);
  EXPECT_EQ(found[0].negative_count, 2U);
}

TEST(Separations, OfFlipsOnly) {
  ConditionEvidence of = evidence(40, 3);
  for (std::size_t i = 0; i < 10; ++i) of.images[i].attack.success = false;
  const auto found = separations(of);
  ASSERT_EQ(found.size(), 4U);
  for (const Separation& each : found) {
    EXPECT_EQ(each.positives, 30U);
    EXPECT_EQ(each.negative_count, each.negatives == DetectionInput::clean ? 40U : 80U);
    EXPECT_EQ(each.area.estimate->value > 0.9, each.point == 2U);
  }
}

TEST(Detectors, AreChosenOnOneHalfAndTestedOnTheOther) {
  const ConditionEvidence of = evidence(200, 4);
  std::size_t in_half[2] = {0, 0};
  for (const auto& image : of.images) ++in_half[half_of(image.id)];
  const auto found = detectors(of);
  ASSERT_EQ(found.size(), 4U);  // against clean and gaussian, chosen on either half
  for (const Detector& each : found) {
    EXPECT_EQ(each.point, 2U);
    EXPECT_TRUE(each.larger);
    EXPECT_EQ(each.true_positives.n, in_half[1 - each.chosen_on]);
    EXPECT_EQ(each.false_positives.n, in_half[1 - each.chosen_on]);
    EXPECT_GT(each.true_positives.estimate->value, 0.9);
    EXPECT_LT(each.false_positives.estimate->value, 0.2);
    EXPECT_NEAR(each.threshold, 1.64, 0.6);  // the 95th percentile of a standard normal
    EXPECT_DOUBLE_EQ(each.roc.back().true_positive_rate, 1);
  }
}

TEST(Detectors, FlagTheSideThatSpeaksForAdversarial) {
  for (const Detector& each : detectors(evidence(200, -4))) {
    EXPECT_FALSE(each.larger);
    EXPECT_NEAR(each.threshold, -1.64, 0.6);
    EXPECT_GT(each.area.estimate->value, 0.9);
    EXPECT_GT(each.true_positives.estimate->value, 0.9);
  }
}

// What is found on the chosen half alone does not carry over.
TEST(Detectors, OfNothingFindNothing) {
  for (const Detector& each : detectors(evidence(300, 0))) {
    EXPECT_LT(each.true_positives.estimate->value, 0.2);
    EXPECT_NEAR(each.area.estimate->value, 0.5, 0.1);
  }
}

TEST(Detectors, NeedBothHalvesAndBothKinds) {
  EXPECT_TRUE(detectors(test::evidence(0)).empty());
  EXPECT_TRUE(detectors(evidence(1, 3)).empty());
  ConditionEvidence no_flips = evidence(50, 3);
  for (auto& image : no_flips.images) image.attack.success = false;
  EXPECT_TRUE(detectors(no_flips).empty());
  EXPECT_TRUE(separations(no_flips).empty());
}

}  // namespace
}  // namespace faultline::findings
