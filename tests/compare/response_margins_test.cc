// How points pull at the margin, what segments contribute to it, and how far it reaches.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "compare/responses.h"
#include "response_networks.h"

namespace faultline::compare {
namespace {

using net::NodeId;

double margin_change(const ResponseComparison& result, std::size_t row) {
  return result.margins[row] - result.margins[0];
}

class ResponseMargins : public ResponsesOfEither {};

INSTANTIATE_TEST_SUITE_P(, ResponseMargins, ::testing::Values("chain", "branched"), name_of_case);

TEST_P(ResponseMargins, ContributionsAndTheImagesPullSumToTheMarginsChange) {
  for (std::size_t row = 0; row < roles().size(); ++row) {
    double sum = result.points[0].pull[row];
    double scale = std::abs(sum);
    for (const auto& contribution : result.contributions) {
      sum += contribution[row];
      scale += std::abs(contribution[row]);
    }
    EXPECT_NEAR(sum, margin_change(result, row), 1e-9 * scale) << row;
    EXPECT_NEAR(result.points.back().pull[row], margin_change(result, row), 1e-9 * scale) << row;
  }
  EXPECT_GT(std::abs(margin_change(result, 1)), 1e-3);
}

// With every non-linearity frozen to the clean run only the image's pull is left.
TEST_P(ResponseMargins, FrozenNetworkFollowsTheImagesPull) {
  const net::Graph graph = network();
  const auto plan = test::compile_all(graph, "reference");
  const auto pass = plan->forward(images());
  std::vector<engine::Intervention> frozen;
  for (const NodeId id : test::variable_nodes(graph)) {
    if (net::response_of(graph, id) == net::Response::affine) continue;
    for (int row = 0; row < pass->rows(); ++row) {
      frozen.push_back(
          {.row = row, .node = id, .kind = engine::InterventionKind::freeze, .source = pass.get()});
    }
  }
  const auto linear = plan->forward(images(), frozen);
  for (std::int64_t row = 0; row < linear->rows(); ++row) {
    const auto z = linear->logits().row(row);
    const double margin = z[result.classes.clean_class] - z[result.classes.other_class];
    const double pull = result.points[0].pull[static_cast<std::size_t>(row)];
    EXPECT_NEAR(margin, result.margins[0] + pull, 1e-9 * (std::abs(pull) + std::abs(result.margins[0])));
  }
}

// The last point is the logits: reach there is the plain distance to the nearest boundary.
TEST_P(ResponseMargins, ReachAtTheLogitsIsTheDistanceToTheNearestBoundary) {
  const auto z = result.logits.row(0);
  double runner_up = -1e300;
  for (int j = 0; j < 7; ++j) {
    if (j != result.classes.clean_class) runner_up = std::max(runner_up, z[j]);
  }
  EXPECT_DOUBLE_EQ(result.points.back().reach.value(),
                   (z[result.classes.clean_class] - runner_up) / std::sqrt(2.0));
}

// m with the points up to l free and the rest frozen to the clean run is m(x) + pull_l.
TEST(ResponsesOfAChain, FreezingWhatFollowsAPointGivesItsPull) {
  const Compared compared(chain());
  const ResponseComparison& result = compared.result;
  const auto plan = test::compile_all(compared.graph, "reference");
  const auto pass = plan->forward(images());
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    std::vector<engine::Intervention> frozen;
    for (NodeId id = compared.map.points[i].node + 1; id < compared.graph.size(); ++id) {
      if (!compared.graph.is_variable(id) || net::response_of(compared.graph, id) == net::Response::affine)
        continue;
      frozen.push_back(
          {.row = 1, .node = id, .kind = engine::InterventionKind::freeze, .source = pass.get()});
    }
    const auto part_linear = plan->forward(images(), frozen);
    const auto z = part_linear->logits().row(1);
    const double margin = z[result.classes.clean_class] - z[result.classes.other_class];
    EXPECT_NEAR(margin, result.margins[0] + result.points[i].pull[1], 1e-9 * (1 + std::abs(margin))) << i;
  }
}

// Only non-linearities contribute: where all of a segment is affine, nothing.
TEST(ResponsesOfABranchedGraph, AffineSegmentsContributeNothing) {
  const Compared compared(branched());
  const ResponseComparison& result = compared.result;
  const auto segment_to = [&](const char* name) {
    const NodeId id = *compared.graph.find(name);
    const auto found = std::ranges::find_if(
        result.segments, [&](const Segment& segment) { return std::ranges::count(segment.to, id) > 0; });
    return static_cast<std::size_t>(found - result.segments.begin());
  };
  const double change = std::abs(margin_change(result, 1));
  // `last` is a convolution without activation that follows `inner`; `fc` follows the gated values.
  for (const char* affine : {"last", "fc"}) {
    EXPECT_NEAR(result.contributions[segment_to(affine)][1], 0, 1e-9 * change) << affine;
  }
  for (const char* bent : {"squeeze.relu", "left.relu", "inner.relu", "residual", "pool", "gated"}) {
    EXPECT_GT(std::abs(result.contributions[segment_to(bent)][1]), 1e-6 * change) << bent;
  }
  EXPECT_EQ(segment_to("left.relu"), segment_to("right.relu"));
  EXPECT_EQ(segment_to("inner.relu"), segment_to("residual"));
}

}  // namespace
}  // namespace faultline::compare
