#include "findings/distraction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "synthetic.h"

namespace faultline::findings {
namespace {

using ::testing::HasSubstr;

struct Planted {
  StoredRun run = test::chain({1, 1, 2, 1});  // layers 0; 1; 2 and 3; 4
  ConditionEvidence of;

  explicit Planted(std::size_t n = 30) : of(test::evidence(n)) {}
  // Distraction with a spread of 0.01 over images.
  void set(const std::string& kind, double mean, const std::string& method = "layercam") {
    test::set_distraction(run, of, kind, method, [&](std::size_t image, std::size_t layer) {
      return mean + 0.01 * test::normal(kind + method, image, layer);
    });
  }
  MapResponse& map(std::size_t image, const std::string& kind, std::size_t layer) {
    return of.images[image].kinds[kind].maps["layercam"][layer];
  }
};

Planted with(double adversarial, double gaussian, double confirming) {
  Planted planted;
  planted.set("adversarial", adversarial);
  planted.set("gaussian", gaussian);
  planted.set("adversarial", confirming, "hirescam");
  planted.set("gaussian", 0, "hirescam");
  return planted;
}

TEST(DistractionBeyond, IsTheMeanOfBlocksMeansOfLayers) {
  Planted planted(1);
  const std::vector<double> adversarial = {9, 0.5, 0.4, 0.8, 0.3};
  const std::vector<double> gaussian = {1, 0.1, 0.2, 0.4, 0.1};
  test::set_distraction(planted.run, planted.of, "adversarial", "layercam",
                        [&](std::size_t, std::size_t layer) { return adversarial[layer]; });
  test::set_distraction(planted.run, planted.of, "gaussian", "layercam",
                        [&](std::size_t, std::size_t layer) { return gaussian[layer]; });
  const DistractionOptions options{.blocks = {1, 2, 3}};
  const auto beyond = [&] {
    return distraction_beyond(planted.run, planted.of.images[0], "gaussian", "layercam", options);
  };
  EXPECT_DOUBLE_EQ(*beyond(), (0.4 + (0.2 + 0.4) / 2 + 0.2) / 3);
  planted.map(0, "gaussian", 2).distraction = Measured{};
  EXPECT_DOUBLE_EQ(*beyond(), (0.4 + 0.4 + 0.2) / 3);
  planted.map(0, "adversarial", 4).distraction = Measured{};
  EXPECT_DOUBLE_EQ(*beyond(), (0.4 + 0.4) / 2);
  EXPECT_FALSE(distraction_beyond(planted.run, planted.of.images[0], "boost", "layercam", options));
  EXPECT_FALSE(distraction_beyond(planted.run, planted.of.images[0], "gaussian", "gradcam", options));
}

TEST(SevereDistraction, OnBothSidesOfTheBar) {
  const auto verdict = [](double beyond) {
    const Planted planted = with(0.1 + beyond, 0.1, 0.2);
    return severe_distraction(planted.run, planted.of).verdict;
  };
  EXPECT_EQ(verdict(0.07), Verdict::supported);
  EXPECT_EQ(verdict(0.05), Verdict::undecided);
  EXPECT_EQ(verdict(0.03), Verdict::not_supported);
  EXPECT_EQ(verdict(-0.2), Verdict::not_supported);
}

TEST(SevereDistraction, NeedsTheConfirmingMethodsSign) {
  const Planted opposite = with(0.4, 0.1, -0.2);
  const Answer answer = severe_distraction(opposite.run, opposite.of);
  EXPECT_EQ(answer.verdict, Verdict::undecided);
  EXPECT_THAT(answer.reason, HasSubstr("hirescam has the opposite sign"));
  Planted lacking;
  lacking.set("adversarial", 0.4);
  lacking.set("gaussian", 0.1);
  EXPECT_EQ(severe_distraction(lacking.run, lacking.of).verdict, Verdict::not_said);
  EXPECT_EQ(severe_distraction(lacking.run, lacking.of, {.confirming = ""}).verdict, Verdict::supported);
  // What is refuted needs no confirmation.
  lacking.set("adversarial", 0.1);
  EXPECT_EQ(severe_distraction(lacking.run, lacking.of).verdict, Verdict::not_supported);
}

TEST(SevereDistraction, SaysWhatTheRunLacks) {
  Planted planted;
  EXPECT_THAT(severe_distraction(planted.run, planted.of).reason, HasSubstr("no heatmaps by layercam"));
  planted.set("adversarial", 0.4);
  EXPECT_THAT(severe_distraction(planted.run, planted.of).reason, HasSubstr("no control gaussian"));
  const StoredRun no_layers = test::chain({0});
  EXPECT_THAT(severe_distraction(no_layers, planted.of).reason, HasSubstr("no blocks"));
}

TEST(SevereDistraction, OfFewImagesIsNotSaid) {
  for (const std::size_t n : {0U, 1U, 2U, 19U, 20U}) {
    Planted planted(n);
    for (const char* method : {"layercam", "hirescam"}) {
      planted.set("adversarial", 0.5, method);
      planted.set("gaussian", 0.1, method);
    }
    const Answer answer = severe_distraction(planted.run, planted.of);
    EXPECT_EQ(answer.verdict, n == 20 ? Verdict::supported : Verdict::not_said) << n;
    if (n > 0) {
      EXPECT_EQ(answer.measures.front().n, n);
    }
  }
}

TEST(SevereDistraction, OfFlipsOnly) {
  Planted planted = with(0.4, 0.1, 0.2);
  for (std::size_t i = 0; i < 8; ++i) planted.of.images[i].attack.success = false;
  planted.of.images[8].attack.success_rounded = false;
  EXPECT_EQ(severe_distraction(planted.run, planted.of).measures.front().n, 22U);
  EXPECT_EQ(severe_distraction(planted.run, planted.of, {.selection = Selection::made}).measures.front().n,
            30U);
  EXPECT_EQ(severe_distraction(planted.run, planted.of, {.selection = Selection::stored}).measures.front().n,
            21U);
}

// Without adversarial distraction where its map went blank, 1 where blank counts.
TEST(SevereDistraction, BlankMapsAreMissingOrCountAsOne) {
  Planted planted = with(0.1, 0.1, 0.2);
  for (std::size_t i = 0; i < 30; ++i) {
    for (std::size_t layer = 0; layer < 5; ++layer) {
      planted.map(i, "adversarial", layer).distraction = Measured{};
      planted.map(i, "adversarial", layer).distraction_blank_one = 1.0;
    }
  }
  EXPECT_EQ(severe_distraction(planted.run, planted.of).verdict, Verdict::not_said);
  EXPECT_EQ(severe_distraction(planted.run, planted.of, {.blank_counts = true}).verdict, Verdict::supported);
}

Planted against(double flip_gaussian, double boost) {
  Planted planted;
  planted.set("adversarial", 0.4);
  planted.set("flip-gaussian", flip_gaussian);
  planted.set("boost", boost);
  return planted;
}

TEST(DistractionBeyondFlip, NeedsBothControls) {
  const auto verdict = [](double flip_gaussian, double boost) {
    const Planted planted = against(flip_gaussian, boost);
    return distraction_beyond_flip(planted.run, planted.of).verdict;
  };
  EXPECT_EQ(verdict(0.3, 0.3), Verdict::supported);
  EXPECT_EQ(verdict(0.3, 0.35), Verdict::undecided);
  EXPECT_EQ(verdict(0.3, 0.38), Verdict::not_supported);
  EXPECT_EQ(verdict(0.5, 0.3), Verdict::not_supported);
}

TEST(DistractionBeyondFlip, SaysWhichControlIsLacking) {
  Planted planted;
  planted.set("adversarial", 0.4);
  planted.set("boost", 0.1);
  const Answer answer = distraction_beyond_flip(planted.run, planted.of);
  EXPECT_EQ(answer.verdict, Verdict::not_said);
  EXPECT_THAT(answer.reason, HasSubstr("no control flip-gaussian"));
  planted.set("boost", 0.4);  // refuted whatever flip-gaussian would say
  EXPECT_EQ(distraction_beyond_flip(planted.run, planted.of).verdict, Verdict::not_supported);
}

TEST(DistractionBeyondFlip, LeavesOutBoostThatLostTheClassAndFlipsUndoneByRounding) {
  Planted planted = against(0.1, 0.1);
  for (std::size_t i = 0; i < 5; ++i) planted.of.images[i].kinds["boost"].kept_class = 0;
  planted.of.images[7].attack.success_rounded = false;
  const Answer answer = distraction_beyond_flip(planted.run, planted.of);
  EXPECT_EQ(answer.measures[0].n, 29U);
  EXPECT_EQ(answer.measures[1].n, 24U);
}

}  // namespace
}  // namespace faultline::findings
