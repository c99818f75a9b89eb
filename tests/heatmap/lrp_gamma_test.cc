#include <gtest/gtest.h>

#include <cmath>

#include "engine/close.h"
#include "heatmap/attribution.h"

namespace faultline::heatmap {
namespace {

TEST(LrpGamma, OfGammaZeroIsTheEpsilonRule) {
  const Explained explained{.options = {.lrp = {.epsilon = 0.125, .gamma = 0}}};
  const net::Graph graph = network();
  EXPECT_LE(test::relative_l2(explained.by("lrp-gamma", graph), explained.by("lrp-epsilon", graph)), 1e-13);
  const Explained favoured{.options = {.lrp = {.epsilon = 0.125, .gamma = 0.25}}};
  EXPECT_GT(test::relative_l2(favoured.by("lrp-gamma", graph), favoured.by("lrp-epsilon", graph)), 1e-3);
}

TEST(LrpGamma, IsConservedWithoutBiases) {
  const net::Graph graph = network({.biases = false});
  const double score = logit(graph, image());
  for (const double gamma : {0.0, 0.25, 2.0}) {
    const Explained explained{.options = {.lrp = {.epsilon = 0, .gamma = gamma}}};
    EXPECT_NEAR(sum(explained.by("lrp-gamma", graph)), score, 1e-10 * std::abs(score)) << gamma;
  }
}

}  // namespace
}  // namespace faultline::heatmap
