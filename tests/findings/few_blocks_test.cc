#include "findings/few_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "synthetic.h"

namespace faultline::findings {
namespace {

using ::testing::HasSubstr;

// Convolutions of blocks 1 to 5 are points 1, 3, 5, 7, 9; fc1 is 11.
constexpr std::size_t kConvOf[] = {1, 3, 5, 7, 9};
constexpr std::size_t kDense = 11;

struct Planted {
  StoredRun run = test::chain({1, 1, 1, 1, 1});
  ConditionEvidence of;

  explicit Planted(std::size_t n = 100) : of(test::evidence(n)) {
    test::set_steps(run, of, "adversarial", [](auto, auto) { return 0.0; });
    test::add_harmless(run, of, [](auto, auto) { return 0.1; });
  }
  void compromise(std::size_t images, std::vector<std::size_t> points) {
    for (std::size_t i = 0; i < images; ++i) {
      for (const std::size_t point : points) of.images[i].kinds["adversarial"].step[point] = 1.0;
    }
  }
  Answer answer(const FewBlocksOptions& options = {}) const { return few_blocks(run, of, options); }
};

// Wilson's 95 % interval of k of 100 excludes 0.5 from 60 on and up to 40.
TEST(FewBlocks, OnBothSidesOfOneHalf) {
  const auto verdict = [](std::size_t images) {
    Planted planted;
    planted.compromise(images, {kConvOf[2]});
    return planted.answer().verdict;
  };
  EXPECT_EQ(verdict(60), Verdict::supported);
  EXPECT_EQ(verdict(59), Verdict::undecided);
  EXPECT_EQ(verdict(41), Verdict::undecided);
  EXPECT_EQ(verdict(40), Verdict::not_supported);
}

TEST(FewBlocks, CountsOneAndTwoNoneAndMore) {
  Planted planted;
  planted.compromise(90, {kConvOf[1]});
  planted.compromise(70, {kConvOf[2]});
  planted.compromise(30, {kConvOf[3]});
  const Answer answer = planted.answer();
  EXPECT_DOUBLE_EQ(answer.measures[0].estimate->value, 0.6);
  EXPECT_DOUBLE_EQ(answer.measures[1].estimate->value, 0.1);  // none
  EXPECT_DOUBLE_EQ(answer.measures[2].estimate->value, 0.3);  // more
  EXPECT_EQ(answer.measures[0].n, 100U);
}

TEST(FewBlocks, FirstBlockAndHeadAreNoIntermediateBlocks) {
  Planted planted;
  planted.compromise(100, {kConvOf[0], kDense});
  EXPECT_DOUBLE_EQ(planted.answer().measures[1].estimate->value, 1);  // none
  planted.compromise(100, {kConvOf[4]});
  EXPECT_EQ(planted.answer().verdict, Verdict::supported);
  EXPECT_EQ(planted.answer({.nothing_else = true}).verdict, Verdict::not_supported);
}

TEST(FewBlocks, OfFlipsThatSurviveRounding) {
  Planted planted;
  for (std::size_t i = 0; i < 10; ++i) planted.of.images[i].attack.success = false;
  for (std::size_t i = 10; i < 30; ++i) planted.of.images[i].attack.success_rounded = false;
  EXPECT_EQ(planted.answer().measures[0].n, 70U);
  EXPECT_EQ(planted.answer({.selection = Selection::flipped}).measures[0].n, 90U);
}

TEST(FewBlocks, SayWhatTheRunLacks) {
  EXPECT_THAT(Planted(49).answer().reason, HasSubstr("49 images with harmless inputs"));
  EXPECT_EQ(Planted(0).answer().verdict, Verdict::not_said);
  EXPECT_THAT(few_blocks(test::chain({3}), test::evidence(100)).reason, HasSubstr("no intermediate blocks"));
  Planted no_flips;
  for (auto& image : no_flips.of.images) image.attack.success = image.attack.success_rounded = false;
  EXPECT_THAT(no_flips.answer().reason, HasSubstr("too few images: 0"));
}

TEST(GatesSuffice, CountsSmallSetsAndNone) {
  Planted planted;
  EXPECT_THAT(gates_suffice(planted.run, planted.of).reason, HasSubstr("no gates games"));
  test::set_sets(planted.of, "gates-only", [](std::size_t image) -> std::vector<std::uint64_t> {
    if (image < 50) return {0b000100};
    if (image < 65) return {0b000011, 0b000110};  // the second has intermediate blocks only
    if (image < 70) return {0b100000};
    if (image < 80) return {0b001110};
    return {};
  });
  const Answer answer = gates_suffice(planted.run, planted.of);
  EXPECT_EQ(answer.verdict, Verdict::supported);
  EXPECT_DOUBLE_EQ(answer.measures[0].estimate->value, 0.70);
  EXPECT_DOUBLE_EQ(answer.measures[1].estimate->value, 0.65);
  EXPECT_DOUBLE_EQ(answer.measures[2].estimate->value, 0.20);
  const Answer beside = planted.answer();
  ASSERT_EQ(beside.measures.size(), 6U);
  EXPECT_DOUBLE_EQ(beside.measures[3].estimate->value, 0.70);
}

TEST(LinearShare, CountsEmptySets) {
  Planted planted(10);
  EXPECT_FALSE(linear_share(planted.of).estimate);
  test::set_sets(planted.of, "given-linear-path", [](std::size_t image) -> std::vector<std::uint64_t> {
    if (image < 7) return {0};
    if (image < 9) return {0b10};
    return {};  // not even all gates: not linear
  });
  EXPECT_DOUBLE_EQ(linear_share(planted.of).estimate->value, 0.7);
  EXPECT_EQ(linear_share(planted.of).n, 10U);
}

}  // namespace
}  // namespace faultline::findings
