#include "causal/gates_game.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/error.h"
#include "causal/shapley.h"
#include "networks.h"

namespace faultline::causal {
namespace {

const Shape kImage = {3, 16, 16};

Tensor clean() {
  return test::normal(kImage, "clean", 1);
}
Tensor other() {
  Tensor x = clean();
  const Tensor d = test::normal(kImage, "difference", 0.5);
  for (std::int64_t i = 0; i < x.elements(); ++i) x[i] += d[i];
  return x;
}

// Every value is that of a whole run with those gates and that input.
void expect_whole_runs(const net::Graph& graph, const std::string& engine, double tolerance) {
  GatesPlayer player(graph, net::map_network(graph), *engine::make_engine(engine));
  const GatesGame game = player.play(clean(), other(), {.clean = 0, .other = 2});
  ASSERT_EQ(game.values.size(), 32U);
  EXPECT_LT(game.identity_error, tolerance);
  double spread = 0;
  for (Coalition players = 0; players < 32; ++players) {
    EXPECT_NEAR(game.values[players], player.run(players), tolerance) << players;
    spread = std::max(spread, std::abs(game.values[players] - game.values[0]));
  }
  EXPECT_GT(spread, 0.1);
}

TEST(GatesGame, ValuesAreThoseOfWholeFrozenRuns) {
  expect_whole_runs(test::chain(), "reference", 1e-9);
  expect_whole_runs(test::chain(), "onednn", 1e-4);
}

TEST(GatesGame, AlsoWherePathsLeadAroundABlock) {
  expect_whole_runs(test::chain(true), "reference", 1e-9);
  expect_whole_runs(test::chain(true), "onednn", 1e-4);
}

TEST(GatesGame, EndsAreTheOrdinaryRunsAndSharesSumToTheirDifference) {
  const net::Graph graph = test::chain();
  const auto engine = engine::make_engine("reference");
  GatesPlayer player(graph, net::map_network(graph), *engine);
  const GatesGame game = player.play(clean(), other(), {.clean = 1, .other = 3});
  const auto plan = engine->compile(graph, {});
  const auto margin = [&](const Tensor& image) {
    const auto pass = plan->forward(image.view().reshaped(image.shape().stacked(1)));
    return pass->logits()[1] - pass->logits()[3];
  };
  EXPECT_NEAR(game.values.front(), margin(clean()), 1e-12);
  EXPECT_NEAR(game.values.back(), margin(other()), 1e-12);
  const auto shares = shapley_values(game.values);
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), margin(other()) - margin(clean()), 1e-12);
}

TEST(GatesGame, OfAnImageWithItselfIsFlat) {
  const net::Graph graph = test::chain();
  GatesPlayer player(graph, net::map_network(graph), *engine::make_engine("reference"));
  const GatesGame game = player.play(clean(), clean(), {.clean = 0, .other = 1});
  for (const double value : game.values) EXPECT_NEAR(value, game.values[0], 1e-10);
}

// Without non-linearities, gates do nothing.
TEST(GatesGame, OfAnAffineNetworkIsTheInputsAlone) {
  net::Graph graph;
  net::NodeId x = graph.add("image", net::Input{kImage}, {});
  x = test::conv(graph, "conv1", x, 3, 4);
  x = graph.add("pool", net::AveragePool{.kernel = {2, 2}, .strides = {2, 2}}, {x});
  x = test::conv(graph, "conv2", x, 4, 4);
  x = graph.add("pool2", net::AveragePool{.kernel = {2, 2}, .strides = {2, 2}}, {x});
  x = graph.add("flat", net::Flatten{}, {x});
  graph.set_output(test::dense(graph, "fc", x, 64, 3));
  GatesPlayer player(graph, net::map_network(graph), *engine::make_engine("reference"));
  const GatesGame game = player.play(clean(), other(), {.clean = 0, .other = 1});
  const auto shares = shapley_values(game.values);
  EXPECT_NEAR(shares[0], game.values.back() - game.values.front(), 1e-10);
  for (std::size_t p = 1; p < shares.size(); ++p) EXPECT_NEAR(shares[p], 0, 1e-10);
}

// z = a chain of `blocks` convolutions with a gate each, every one a block.
net::Graph many_blocks(int blocks, std::vector<net::BlockStart>& starts) {
  net::Graph graph;
  net::NodeId x = graph.add("image", net::Input{kImage}, {});
  for (int i = 0; i < blocks; ++i) {
    const std::string name = "conv" + std::to_string(i);
    x = test::conv(graph, name, x, 3, 3);
    x = graph.add("relu" + std::to_string(i), net::Relu{}, {x});
    starts.push_back({name, name});
  }
  x = graph.add("flat", net::Flatten{}, {x});
  graph.set_output(test::dense(graph, "fc", x, 768, 3));
  return graph;
}

TEST(GatesGame, OfMoreThanEightBlocksIsSampled) {
  std::vector<net::BlockStart> starts;
  const net::Graph graph = many_blocks(9, starts);
  GatesPlayer player(graph, net::map_network(graph, starts), *engine::make_engine("reference"));
  EXPECT_THROW(player.play(clean(), other(), {.clean = 1, .other = 2}), ContractError);
  const SampledShapley sampled = player.sample(clean(), other(), {.clean = 1, .other = 2}, 2, 5, "orders");
  ASSERT_EQ(sampled.values.size(), 10U);
  const double whole = player.run(everyone(10)) - player.run(0);
  EXPECT_NE(whole, 0);
  EXPECT_NEAR(std::accumulate(sampled.values.begin(), sampled.values.end(), 0.0), whole, 1e-9);
}

TEST(GatesGame, SamplesAreOfTheWholeGame) {
  const net::Graph graph = test::chain();
  GatesPlayer player(graph, net::map_network(graph), *engine::make_engine("reference"));
  const auto exact = shapley_values(player.play(clean(), other(), {.clean = 1, .other = 3}).values);
  const auto sampled = player.sample(clean(), other(), {.clean = 1, .other = 3}, 40, 5, "orders");
  for (std::size_t p = 0; p < exact.size(); ++p)
    EXPECT_NEAR(sampled.values[p], exact[p], 4 * sampled.standard_errors[p] + 1e-9) << p;
}

}  // namespace
}  // namespace faultline::causal
