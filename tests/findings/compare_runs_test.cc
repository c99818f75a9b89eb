#include "findings/compare_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "findings/write_comparison.h"
#include "stats/mcnemar.h"
#include "stats/signed_rank.h"
#include "synthetic.h"

namespace faultline::findings {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

struct TwoRuns {
  StoredRun a = test::chain({1, 1, 1});
  StoredRun b = test::chain({1, 1, 1});
  ConditionEvidence of_a = test::evidence(30);
  ConditionEvidence of_b = test::evidence(40);

  TwoRuns() {
    test::list_images(a, 30);
    test::list_images(b, 40);
    a.run.model_file = "a.onnx";
    b.run.model_file = "b.onnx";
    b.run.model_sha256 = "other";
    a.conditions = {test::condition(0, "pgd", "double")};
    b.conditions = {test::condition(0, "pgd", "double")};
    // In the second run the same images stand elsewhere.
    std::reverse(of_b.images.begin(), of_b.images.end());
    const auto step = [](const char* run, double third) {
      return [=](std::size_t image, std::size_t point) {
        const double mean = point == 1 ? 0.3 : point == 3 ? 0.6 : point == 5 ? third : 0.0;
        return mean + 0.05 * test::normal(run, image, point);
      };
    };
    test::set_steps(a, of_a, "adversarial", step("a", 0.9));
    test::set_steps(b, of_b, "adversarial", step("b", 0.1));
    test::set_shares(a, of_a, "adversarial",
                     [](std::size_t image, auto) { return 0.1 + 0.001 * static_cast<double>(image); });
    test::set_shares(b, of_b, "adversarial", [](auto, auto) { return 0.1; });
    for (auto* of : {&of_a, &of_b}) {
      for (auto& image : of->images) image.attack.critical_eps = of == &of_a ? 0.02 : 0.01;
    }
  }
  ConditionEvidence& first() { return of_a; }
  ImageEvidence& second(std::size_t image) { return of_b.images[39 - image]; }
  ConditionComparison compared() const { return compare_conditions(a, of_a, b, of_b); }
};

TEST(CompareRuns, PairsImagesById) {
  TwoRuns runs;
  for (std::size_t i = 0; i < 8; ++i) runs.of_a.images[i].attack.success = false;
  for (std::size_t i = 5; i < 10; ++i) runs.second(i).attack.success = false;
  const ConditionComparison found = runs.compared();
  EXPECT_EQ(found.images, 30U);
  EXPECT_EQ(found.success.neither, 3U);
  EXPECT_EQ(found.success.only_second, 5U);
  EXPECT_EQ(found.success.only_first, 2U);
  EXPECT_EQ(found.success.both, 20U);
  EXPECT_DOUBLE_EQ(found.success.p, stats::mcnemar_test(2, 5));
  EXPECT_EQ(found.steps[0].difference.n, 20U);
}

TEST(CompareRuns, StepsByNameWithHolm) {
  TwoRuns runs;
  // The second network has another point before those in common.
  runs.b.points[2].name = "something else";
  const ConditionComparison found = runs.compared();
  std::vector<std::string> names;
  for (const auto& each : found.steps) names.push_back(each.name);
  EXPECT_THAT(names, ElementsAre("block1_conv1", "block2_conv1", "block2_pool", "block3_conv1", "block3_pool",
                                 "fc1", "logits"));
  EXPECT_NEAR(found.steps[3].difference.estimate->value, 0.8, 0.05);
  EXPECT_LT(found.steps[3].p_adjusted, 1e-4);
  EXPECT_DOUBLE_EQ(found.steps[3].p_adjusted, 7 * found.steps[3].p);
  EXPECT_DOUBLE_EQ(*found.steps[3].rank_biserial, 1);
  EXPECT_GT(found.steps[0].p_adjusted, 0.05);
}

// Orders 1 2 3 and 2 3 1 by mean step: one concordant pair, two discordant ones.
TEST(CompareRuns, RankingsOfLayers) {
  const ConditionComparison found = TwoRuns().compared();
  EXPECT_EQ(found.ranking.layers, 3U);
  EXPECT_EQ(found.ranking.n, 30U);
  EXPECT_NEAR(found.ranking.tau->tau, -1.0 / 3, 1e-12);
}

TEST(CompareRuns, ShapleySharesByBlock) {
  const ConditionComparison found = TwoRuns().compared();
  ASSERT_EQ(found.shares.size(), 5U);
  EXPECT_EQ(found.shares[0].name, "input");
  EXPECT_EQ(found.shares[1].name, "block1");
  EXPECT_NEAR(found.shares[1].difference.estimate->value, 0.0145, 1e-9);
}

TEST(CompareRuns, CriticalStrengthKeepsCensoring) {
  TwoRuns runs;
  EXPECT_NEAR(*runs.compared().critical->ratio, 2, 1e-12);
  for (std::size_t i = 0; i < 3; ++i) runs.of_a.images[i].attack.critical_eps.reset();
  for (std::size_t i = 2; i < 7; ++i) runs.second(i).attack.critical_eps.reset();
  const CriticalComparison found = *runs.compared().critical;
  EXPECT_EQ(found.n, 30U);
  EXPECT_EQ(found.censored_first, 2U);
  EXPECT_EQ(found.censored_second, 4U);
  EXPECT_EQ(found.censored_both, 1U);
  EXPECT_NEAR(*found.ratio, 2, 1e-12);
  // 23 pairs of ln 2, 2 beyond all above, 4 beyond all below: two ranks' ties.
  std::vector<double> logarithms(23, std::log(2.0));
  logarithms.insert(logarithms.end(), {1e6, 1e6, -1e6, -1e6, -1e6, -1e6});
  EXPECT_DOUBLE_EQ(found.p, stats::signed_rank_test(logarithms).p);
  for (std::size_t i = 0; i < 30; ++i) runs.of_a.images[i].attack.critical_eps.reset();
  EXPECT_FALSE(runs.compared().critical->ratio);
  runs.of_a.condition.regime = "fixed";
  EXPECT_FALSE(runs.compared().critical);
}

TEST(CompareRuns, PairsConditions) {
  StoredRun a, b;
  a.conditions = {test::condition(0, "pgd", "critical"), test::condition(1, "pgd", "double"),
                  test::condition(2, "fgsm", "double")};
  b.conditions = {test::condition(0, "fgsm", "double"), test::condition(1, "pgd", "double")};
  b.conditions.push_back(test::condition(2, "pgd", "critical"));
  b.conditions.back().network = 1;  // of a twin
  EXPECT_THAT(pair_conditions(a, b), ElementsAre(Pair(1, 1), Pair(2, 0)));
  b.conditions = {test::condition(0, "apgd", "double"), test::condition(1, "apgd", "critical"),
                  test::condition(2, "cw", "double")};
  EXPECT_THAT(pair_conditions(a, b), ElementsAre(Pair(0, 1), Pair(1, 0)));
  EXPECT_TRUE(pair_conditions(a, {}).empty());
}

TEST(CompareRuns, IsWrittenWithItsNumbers) {
  const TwoRuns runs;
  const auto comparison = compare_runs(
      runs.a, [&](std::int64_t) { return runs.of_a; }, runs.b, [&](std::int64_t) { return runs.of_b; });
  EXPECT_EQ(comparison.common_images, 30U);
  EXPECT_FALSE(comparison.same_model);
  const std::string text = to_text(comparison);
  EXPECT_THAT(text, HasSubstr("a.onnx (30 images) and b.onnx (40 images), two models; 30 images in both."));
  EXPECT_THAT(text, HasSubstr("block3_conv1 0.8"));
  EXPECT_THAT(to_markdown(comparison), HasSubstr("## steps"));
  const auto json = to_json(comparison);
  EXPECT_EQ(json["tables"]["steps"].size(), 8U);
  EXPECT_EQ(json["tables"]["success"][0]["both"], 30);
}

TEST(CompareRuns, OfNothingInCommon) {
  for (const std::size_t n : {0U, 1U, 2U}) {
    TwoRuns runs;
    runs.of_a.images.resize(n);
    const auto comparison = compare_runs(
        runs.a, [&](std::int64_t) { return runs.of_a; }, runs.b, [&](std::int64_t) { return runs.of_b; });
    for (const std::string& text :
         {to_text(comparison), to_markdown(comparison), to_json(comparison).dump()}) {
      EXPECT_THAT(text, Not(HasSubstr("nan")));
      EXPECT_THAT(text, Not(HasSubstr("inf")));
    }
  }
}

}  // namespace
}  // namespace faultline::findings
