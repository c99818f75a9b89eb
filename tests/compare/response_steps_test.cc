// What each point adds to the log excess, and the range that harmless noise keeps to.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "compare/responses.h"
#include "response_networks.h"
#include "tensor/argmax.h"

namespace faultline::compare {
namespace {

class ResponseSteps : public ResponsesOfEither {};

INSTANTIATE_TEST_SUITE_P(, ResponseSteps, ::testing::Values("chain", "branched"), name_of_case);

TEST_P(ResponseSteps, StepsCountFromThePredecessors) {
  for (std::size_t row = 1; row < 6; ++row) {
    EXPECT_FALSE(result.points[0].step[row]);
    for (std::size_t i = 1; i < result.points.size(); ++i) {
      double before = -1e300;
      for (const int p : compared.map.points[i].predecessors) {
        before = std::max(before, result.points[static_cast<std::size_t>(p)].log_excess[row].value());
      }
      EXPECT_DOUBLE_EQ(result.points[i].step[row].value(), result.points[i].log_excess[row].value() - before);
    }
  }
}

// A batch whose second harmless row is a plain (and glaring) colour that the network calls something else.
Tensor with_flipped_harmless_row(engine::Plan& plan, int clean_class) {
  Tensor batch = images();
  Tensor colour(Shape{1, 3, 12, 10});
  for (int code = 0; code < 27; ++code) {
    for (std::int64_t i = 0; i < 360; ++i) {
      const int divisor = i < 120 ? 1 : (i < 240 ? 3 : 9);
      colour[i] = 5 * static_cast<float>(code / divisor % 3 - 1);
    }
    if (argmax(plan.forward(colour)->logits().row(0).values()) == clean_class) continue;
    std::ranges::copy(colour.values(), batch.row(6).data());
    return batch;
  }
  ADD_FAILURE() << "every colour is of the clean image's class";
  return batch;
}

TEST(ResponsesOfABranchedGraph, HarmlessStepsAreThoseThatKeptTheClass) {
  const Compared compared(branched());
  const ResponseComparison& result = compared.result;
  const Tensor batch = with_flipped_harmless_row(*compared.plan, result.classes.clean_class);
  const ResponseComparison flipped = compare_responses(*compared.plan, batch, roles(), compared.map);
  EXPECT_EQ(flipped.predictions[5], flipped.classes.clean_class);
  EXPECT_NE(flipped.predictions[6], flipped.classes.clean_class);
  EXPECT_FALSE(flipped.points[0].harmless_steps);
  for (std::size_t i = 1; i < flipped.points.size(); ++i) {
    const Range range = flipped.points[i].harmless_steps.value();
    EXPECT_EQ(range.least, flipped.points[i].step[5]);
    EXPECT_EQ(range.largest, flipped.points[i].step[5]);
    ASSERT_TRUE(flipped.points[i].step[6]);
  }
}

// In a chain every point but the first ends a segment of its own.
TEST(ResponsesOfAChain, StepsTelescopeAndContributionsBelongToPoints) {
  const Compared compared(chain());
  const auto& points = compared.result.points;
  ASSERT_EQ(points.size(), 8U);  // image, a, b, pool1, c, pool2, fc1, logits
  EXPECT_EQ(observed_nodes(compared.graph, compared.map).size(), 8U);
  EXPECT_EQ(compared.result.segments.size(), 7U);
  EXPECT_FALSE(points[0].segment);
  double total = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    total += points[i].step[1].value();
    ASSERT_EQ(points[i].segment, i - 1);
    EXPECT_EQ(compared.result.contributions[i - 1][1], points[i].pull[1] - points[i - 1].pull[1]);
  }
  EXPECT_NEAR(total, points.back().log_excess[1].value() - points.front().log_excess[1].value(), 1e-12);
  // The logits follow the last dense layer linearly.
  EXPECT_NEAR(compared.result.contributions.back()[1], 0, 1e-9 * std::abs(points.back().pull[1]));
}

}  // namespace
}  // namespace faultline::compare
