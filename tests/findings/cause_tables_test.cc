#include "findings/cause_tables.h"

#include <gtest/gtest.h>

#include "synthetic.h"

namespace faultline::findings {
namespace {

TEST(ShapleyMeans, OfFlipsThatSurviveRounding) {
  const StoredRun run = test::chain({1, 1});
  ConditionEvidence of = test::evidence(30);
  test::set_shares(run, of, "adversarial", [](std::size_t image, std::size_t block) {
    return block == 0 ? (image % 2 == 0 ? 0.2 : 0.4) : 0.1;
  });
  of.images[0].attack.success_rounded = false;
  const auto tables = shapley_means(run, of);
  ASSERT_EQ(tables.size(), 1U);
  ASSERT_EQ(tables[0].shares.size(), 4U);  // the input, block1, block2, head
  EXPECT_EQ(tables[0].shares[0].name, "input");
  EXPECT_NEAR(tables[0].shares[1].estimate->value, (14 * 0.2 + 15 * 0.4) / 29, 1e-12);
  EXPECT_EQ(tables[0].shares[1].n, 29U);
}

TEST(SetCounts, CountTheStrongestOfTheSmallest) {
  const StoredRun run = test::chain({1, 1});
  ConditionEvidence of = test::evidence(10);
  test::set_sets(of, "gates-only", [](std::size_t image) -> std::vector<std::uint64_t> {
    if (image < 5) return {0b10, 0b01};
    if (image < 9) return {0b11};
    return {};
  });
  test::set_sets(of, "given-linear-path", [](auto) { return std::vector<std::uint64_t>{0}; });
  const auto counts = set_counts(run, of);
  ASSERT_EQ(counts.size(), 4U);
  EXPECT_EQ(counts[0].set, "block2");
  EXPECT_DOUBLE_EQ(*counts[0].size, 1);
  EXPECT_DOUBLE_EQ(counts[0].images.estimate->value, 0.5);
  EXPECT_EQ(counts[1].set, "block1 + block2");
  EXPECT_EQ(counts[2].set, "none");
  EXPECT_FALSE(counts[2].size);
  EXPECT_DOUBLE_EQ(counts[2].images.estimate->value, 0.1);
  EXPECT_EQ(counts[3].question, "given-linear-path");
  EXPECT_EQ(counts[3].set, "no blocks");
  EXPECT_EQ(counts[3].images.n, 10U);
}

TEST(InterventionMedians, KeepCensoring) {
  ConditionEvidence of;
  auto& found = of.interventions[{.kind = "direction", .source = "boost", .point = 2}];
  for (const double value : {1.0, 2.0, 3.0}) found.values.push_back({.value = value, .limit = 64});
  for (int i = 0; i < 4; ++i) found.values.push_back({.value = {}, .limit = 64});
  found.square_shares = {0.5, 0.7, 0.6};
  const auto medians = intervention_medians(of);
  ASSERT_EQ(medians.size(), 1U);
  EXPECT_FALSE(medians[0].median.value);
  EXPECT_EQ(medians[0].median.censored, 4U);
  EXPECT_EQ(medians[0].median.n, 7U);
  EXPECT_DOUBLE_EQ(*medians[0].square_share.value, 0.6);
}

TEST(SubstitutionShares, AreProportions) {
  ConditionEvidence of;
  of.substitutions[{.kind = "block", .target = "block1", .direction = "restore"}] = {.images = 8,
                                                                                     .decides = 2};
  const auto shares = substitution_shares(of);
  ASSERT_EQ(shares.size(), 1U);
  EXPECT_DOUBLE_EQ(shares[0].decides.estimate->value, 0.25);
  EXPECT_EQ(shares[0].decides.n, 8U);
}

TEST(CauseTables, OfNothingAreEmpty) {
  const StoredRun run = test::vgg16();
  EXPECT_TRUE(shapley_means(run, test::evidence(0)).empty());
  EXPECT_TRUE(set_counts(run, test::evidence(3)).empty());
  EXPECT_TRUE(intervention_medians({}).empty());
}

}  // namespace
}  // namespace faultline::findings
