#include <gtest/gtest.h>

#include <cmath>

#include "engine/close.h"
#include "heatmap/attribution.h"

namespace faultline::heatmap {
namespace {

TEST(LrpEpsilon, WithoutEpsilonIsInputTimesGradientWithoutBiases) {
  const net::Graph graph = network({.biases = false, .mean = {0, 0, 0}});
  const Explained explained{.options = {.lrp = {.epsilon = 0}}};
  EXPECT_LE(test::relative_l2(explained.by("lrp-epsilon", graph), explained.by("input-x-gradient", graph)),
            1e-12);
  const Explained coarse{.options = {.lrp = {.epsilon = 0.5}}};
  EXPECT_GT(test::relative_l2(coarse.by("lrp-epsilon", graph), coarse.by("input-x-gradient", graph)), 1e-3);
}

TEST(LrpEpsilon, IsConservedWithoutBiases) {
  const net::Graph graph = network({.biases = false});
  const double score = logit(graph, image());
  const Explained explained{.options = {.lrp = {.epsilon = 0}}};
  EXPECT_NEAR(sum(explained.by("lrp-epsilon", graph)), score, 1e-10 * std::abs(score));
}

}  // namespace
}  // namespace faultline::heatmap
