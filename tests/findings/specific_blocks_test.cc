#include "findings/specific_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "findings/rules.h"
#include "synthetic.h"

namespace faultline::findings {
namespace {

using ::testing::HasSubstr;

// Blocks: block1 (1 layer), block2 (4 layers), block3 (1 layer), head (none).
const StoredRun kRun = test::chain({1, 4, 1});

// Shares with the order of `means` and a spread between images.
void set_shares(ConditionEvidence& of, const std::string& kind, std::vector<double> means,
                double spread = 0.01) {
  test::set_shares(kRun, of, kind, [=](std::size_t image, std::size_t block) {
    return means[block] + spread * test::normal("shares" + kind, image, block);
  });
}

// A condition in which all that F3 asks for holds: block3 is the top block.
struct Planted {
  ConditionEvidence of = test::evidence(60);
  std::vector<ConditionEvidence> twins = {test::evidence(10)};

  Planted() {
    set_shares(of, "adversarial", {0.1, 0.2, 0.4, 0.02});
    set_shares(of, "boost", {0.5, 0.1, 0.1, 0.1});
    set_shares(twins[0], "adversarial", {0.5, 0.1, 0.1, 0.1});
  }
  SpecificBlocks found() const { return specific_blocks(kRun, of, twins); }
  Answer answer() const { return judge_specific_blocks(kRun, found(), {{.attack = "fgsm", .top = 2}}); }
};

TEST(SpecificBlocks, AreSupported) {
  const Answer answer = Planted().answer();
  EXPECT_EQ(answer.verdict, Verdict::supported) << answer.reason;
  EXPECT_EQ(answer.measures.front().n, 60U);
  EXPECT_GT(answer.measures.front().estimate->value, 0.9);
}

TEST(SpecificBlocks, AreNormalisedByLayers) {
  ConditionEvidence of = test::evidence(30);
  set_shares(of, "adversarial", {0.2, 0.4, 0.1, 0.15}, 0.001);
  const SpecificBlocks per_layer = specific_blocks(kRun, of, {});
  EXPECT_EQ(per_layer.top, 0U);
  EXPECT_NEAR(per_layer.shares[1].estimate->value, 0.1, 1e-3);
  EXPECT_NEAR(per_layer.shares[3].estimate->value, 0.15, 1e-3);  // a block without layers is divided by 1
  EXPECT_EQ(specific_blocks(kRun, of, {}, {.per_layer = false}).top, 1U);
}

Measure concordance(double lower, double upper) {
  return {
      .name = "W",
      .estimate = stats::Estimate{.value = (lower + upper) / 2, .interval = stats::Interval{lower, upper}},
      .n = 60};
}

TEST(SpecificBlocks, OnBothSidesOfTheBar) {
  const auto verdict = [](double lower, double upper) {
    SpecificBlocks found = Planted().found();
    found.concordance = concordance(lower, upper);
    return judge_specific_blocks(kRun, found, {{.attack = "fgsm", .top = 2}}).verdict;
  };
  EXPECT_EQ(verdict(0.3, 0.5), Verdict::supported);  // at least
  EXPECT_EQ(verdict(0.299, 0.5), Verdict::undecided);
  EXPECT_EQ(verdict(0.1, 0.3), Verdict::undecided);
  EXPECT_EQ(verdict(0.1, 0.299), Verdict::not_supported);
}

TEST(SpecificBlocks, TheTopBlockHasToBeStableAndItsOwn) {
  const auto undecided = [](const auto& change, const std::string& reason) {
    SpecificBlocks found = Planted().found();
    std::vector<OtherAttack> others = {{.attack = "fgsm", .top = 2}};
    change(found, others);
    const Answer answer = judge_specific_blocks(kRun, found, others);
    EXPECT_EQ(answer.verdict, Verdict::undecided) << reason;
    EXPECT_THAT(answer.reason, HasSubstr(reason));
  };
  undecided([](auto& found, auto&) { found.half_tops[1] = 0; }, "in one half of the images it is block1");
  undecided([](auto&, auto& others) { others[0].top = 1; }, "under fgsm it is block2");
  undecided([](auto& found, auto&) { found.boost_top = 2; }, "it is boost's too");
  undecided([](auto& found, auto&) { found.twin_top = 2; }, "it is the twins' too");
}

TEST(SpecificBlocks, SayWhatTheRunLacks) {
  const auto lacks = [](const auto& change, const std::string& reason) {
    SpecificBlocks found = Planted().found();
    std::vector<OtherAttack> others = {{.attack = "fgsm", .top = 2}};
    change(found, others);
    const Answer answer = judge_specific_blocks(kRun, found, others);
    EXPECT_EQ(answer.verdict, Verdict::not_said) << reason;
    EXPECT_THAT(answer.reason, HasSubstr(reason));
    // W alone refutes it, whatever is lacking.
    found.concordance = concordance(0, 0.2);
    EXPECT_EQ(judge_specific_blocks(kRun, found, others).verdict, Verdict::not_supported);
  };
  lacks([](auto&, auto& others) { others.clear(); }, "fewer than two attacks");
  lacks([](auto&, auto& others) { others[0].top.reset(); }, "fewer than two attacks");
  lacks([](auto& found, auto&) { found.boost_top.reset(); }, "no gates games of boost");
  lacks([](auto& found, auto&) { found.twin_top.reset(); }, "no twins");
  lacks([](auto& found, auto&) { found.half_tops[0].reset(); }, "one half");
}

TEST(SpecificBlocks, OfFewImagesAreNotSaid) {
  for (const std::size_t n : {0U, 1U, 2U, 19U}) {
    ConditionEvidence of = test::evidence(n);
    set_shares(of, "adversarial", {0.1, 0.2, 0.4, 0.02});
    const SpecificBlocks found = specific_blocks(kRun, of, {});
    EXPECT_EQ(found.concordance.n, n);
    const Answer answer = judge_specific_blocks(kRun, found, {});
    EXPECT_EQ(answer.verdict, Verdict::not_said);
    EXPECT_FALSE(answer.reason.empty());
  }
}

TEST(SpecificBlocks, LeaveOutImagesWithoutShares) {
  Planted planted;
  planted.of.images[0].kinds["adversarial"].shares[1] = Measured{};
  planted.of.images[1].kinds["adversarial"].shares.clear();
  planted.of.images[2].attack.success_rounded = false;
  EXPECT_EQ(planted.found().concordance.n, 57U);
}

// Twins count alike, however many images each studied.
TEST(SpecificBlocks, TwinsAreAveraged) {
  Planted planted;
  planted.twins = {test::evidence(30), test::evidence(2), test::evidence(2)};
  set_shares(planted.twins[0], "adversarial", {0.5, 0.1, 0.1, 0.1});
  for (const int twin : {1, 2})
    set_shares(planted.twins[static_cast<std::size_t>(twin)], "adversarial", {0, 0, 0.4, 0});
  EXPECT_EQ(planted.found().twin_top, 2U);
}

}  // namespace
}  // namespace faultline::findings
