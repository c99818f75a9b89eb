#include "findings/response_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stats/mcnemar.h"
#include "synthetic.h"

namespace faultline::findings {
namespace {

TEST(PointMeans, OfFlippedImages) {
  const StoredRun run = test::chain({1});
  ConditionEvidence of = test::evidence(40);
  test::set_steps(run, of, "adversarial", [](std::size_t image, std::size_t point) {
    return static_cast<double>(image % 2) + 10.0 * static_cast<double>(point);
  });
  for (std::size_t i = 0; i < 40; i += 4) of.images[i].attack.success = false;
  const auto tables = point_means(run, of);
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].kind, "adversarial");
  EXPECT_FALSE(tables[0].step[0].estimate);  // the image itself takes no step
  EXPECT_EQ(tables[0].step[1].name, "block1_conv1");
  EXPECT_EQ(tables[0].step[1].n, 30U);
  EXPECT_DOUBLE_EQ(tables[0].step[1].estimate->value, 10 + 20.0 / 30);
  EXPECT_TRUE(interval_of(tables[0].step[1]));
  EXPECT_DOUBLE_EQ(tables[0].log_excess[2].estimate->value, 30 + 2 * 20.0 / 30);
  EXPECT_EQ(tables[0].alignment[1].n, 0U);
  EXPECT_EQ(tables[0].contribution.size(), run.segments.size());
}

TEST(DistractionMeans, ByKindMethodAndLayer) {
  const StoredRun run = test::chain({1, 1});
  ConditionEvidence of = test::evidence(30);
  test::set_distraction(run, of, "gaussian", "layercam", [](std::size_t image, std::size_t layer) {
    return static_cast<double>(layer) + (image % 2 == 0 ? 0.1 : 0.3);
  });
  of.images[0].kinds["gaussian"].maps["layercam"][1].distraction = Measured{};
  const auto tables = distraction_means(run, of);
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].method, "layercam");
  EXPECT_NEAR(tables[0].distraction[0].estimate->value, 0.2, 0.01);
  EXPECT_EQ(tables[0].distraction[1].n, 29U);
}

TEST(BlankRates, CountPairsOfOneImage) {
  const StoredRun run = test::chain({2});
  ConditionEvidence of = test::evidence(50);
  for (const char* kind : {"adversarial", "gaussian"})
    test::set_distraction(run, of, kind, "gradcam", [](auto, auto) { return 0.1; });
  const auto blank = [&](std::size_t image, const char* kind) {
    of.images[image].kinds[kind].maps["gradcam"][1].first_blank = true;
  };
  for (std::size_t i = 0; i < 12; ++i) blank(i, "adversarial");
  for (std::size_t i = 10; i < 13; ++i) blank(i, "gaussian");
  of.images[49].kinds.erase("gaussian");
  const auto rates = blank_rates(run, of);
  ASSERT_EQ(rates.size(), 2U);
  EXPECT_DOUBLE_EQ(rates[1].adversarial.estimate->value, 12.0 / 49);
  EXPECT_DOUBLE_EQ(rates[1].gaussian.estimate->value, 3.0 / 49);
  EXPECT_EQ(rates[1].only_adversarial, 10U);
  EXPECT_EQ(rates[1].only_gaussian, 1U);
  EXPECT_DOUBLE_EQ(rates[1].p, stats::mcnemar_test(10, 1));
  EXPECT_DOUBLE_EQ(rates[1].p_adjusted, 2 * rates[1].p);
  EXPECT_DOUBLE_EQ(rates[0].p, 1);
}

TEST(CompromiseTable, SharesAndOnsets) {
  const StoredRun run = test::chain({1, 1});
  ConditionEvidence of = test::evidence(60);
  test::set_steps(run, of, "adversarial",
                  [](std::size_t image, std::size_t point) { return image < 15 && point >= 3 ? 1.0 : 0.0; });
  test::add_harmless(run, of, [](auto, auto) { return 0.1; });
  for (auto& image : of.images) {
    image.deviating_p.assign(run.points.size(), 0.5);
    image.deviating_p[0] = Measured{};
  }
  for (std::size_t i = 0; i < 6; ++i) of.images[i].deviating_p[2] = 1e-6;
  const CompromiseTable table = compromise_table(run, of);
  EXPECT_EQ(table.harmless_images, 60U);
  EXPECT_DOUBLE_EQ(table.points[3].compromised.estimate->value, 0.25);
  EXPECT_DOUBLE_EQ(table.points[2].compromised.estimate->value, 0);
  EXPECT_DOUBLE_EQ(table.points[2].deviating.estimate->value, 0.1);
  EXPECT_DOUBLE_EQ(table.blocks[1].compromised.estimate->value, 0.25);
  EXPECT_DOUBLE_EQ(table.blocks[0].compromised.estimate->value, 0);
  EXPECT_EQ(table.points[3].onsets, 15U);
  EXPECT_EQ(table.points[4].onsets, 0U);
  EXPECT_EQ(table.without_onset, 45U);
  EXPECT_DOUBLE_EQ(*table.points[3].harmless.median, 0.1);
}

TEST(CompromiseTable, OfFewImagesHasHarmlessRangesOnly) {
  const StoredRun run = test::chain({1, 1});
  ConditionEvidence of = test::evidence(10);
  test::add_harmless(run, of, [](auto, auto) { return 0.1; });
  const CompromiseTable table = compromise_table(run, of);
  EXPECT_FALSE(table.points[3].compromised.estimate);
  EXPECT_EQ(table.points[3].compromised.n, 0U);
  EXPECT_DOUBLE_EQ(*table.points[3].harmless.upper, 0.1);
  EXPECT_EQ(table.without_onset, 0U);
}

}  // namespace
}  // namespace faultline::findings
