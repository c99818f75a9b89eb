#include "findings/stored_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "synthetic.h"

namespace faultline::findings {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(StoredRun, OfVgg16) {
  const StoredRun run = test::vgg16();
  EXPECT_EQ(convolutions(run).size(), 13U);
  EXPECT_EQ(run.points[convolutions(run)[7]].name, "block4_conv1");
  EXPECT_EQ(layers_in(run, 0), 2U);
  EXPECT_EQ(layers_in(run, 5), 0U);
  EXPECT_EQ(head_block(run), 5);
  EXPECT_THAT(late_blocks(run), ElementsAre(2, 3, 4));
  EXPECT_THAT(intermediate_blocks(run), ElementsAre(1, 2, 3, 4));
}

TEST(StoredRun, OfTwoBlocks) {
  const StoredRun run = test::chain({1, 1});
  EXPECT_THAT(late_blocks(run), ElementsAre(0, 1));
  EXPECT_THAT(intermediate_blocks(run), ElementsAre(1));
}

TEST(StoredRun, WithoutAHead) {
  StoredRun run = test::chain({1, 1, 1, 1});
  run.blocks.pop_back();
  EXPECT_FALSE(head_block(run));
  EXPECT_THAT(intermediate_blocks(run), ElementsAre(1, 2, 3));
  EXPECT_THAT(late_blocks(StoredRun{}), IsEmpty());
}

TEST(StoredRun, TwinsAnswerToTheSameAttackAndStrength) {
  StoredRun run;
  const auto add = [&](std::int64_t network, const std::string& attack, const std::string& regime,
                       std::optional<double> eps) {
    store::ConditionRow row = test::condition(std::ssize(run.conditions), attack, regime);
    row.network = network;
    row.eps = eps;
    run.conditions.push_back(row);
  };
  add(0, "pgd", "fixed", 0.01);
  add(1, "pgd", "fixed", 0.01);
  add(1, "pgd", "fixed", 0.02);
  add(1, "fgsm", "fixed", 0.01);
  add(2, "pgd", "double", {});
  add(2, "pgd", "fixed", 0.01);
  EXPECT_THAT(twin_conditions(run, run.conditions[0]), ElementsAre(1, 5));
}

}  // namespace
}  // namespace faultline::findings
