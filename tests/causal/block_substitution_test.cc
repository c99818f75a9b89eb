#include "causal/block_substitution.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "networks.h"

namespace faultline::causal {
namespace {

using Part = PartSubstitution::Part;

const auto kEngine = engine::make_engine("reference");

struct Pair {
  Tensor images = test::normal({2, 3, 16, 16}, "images", 1);
  Tensor clean = Tensor(images.row(0));
  Tensor other = Tensor(images.row(1));
};

std::vector<double> logits(const net::Graph& graph, TensorView images) {
  const auto plan = kEngine->compile(graph, {});
  const auto pass = plan->forward(images);
  const auto z = pass->logits().values();
  return {z.begin(), z.end()};
}

TEST(BlockSubstitutions, AChainHasNone) {
  const net::Graph graph = test::chain();
  BlockSubstitutions substitutions(graph, net::map_network(graph), *kEngine);
  EXPECT_FALSE(substitutions.any());
  const Pair pair;
  EXPECT_TRUE(substitutions.run(pair.clean, pair.other, {0, 1}).empty());
}

// The path around the second block: pool1 is read by conv2a and, in the third, by `small`.
// Where blocks end at poolings, `small` ends the second too: what leaves that block is all there is.
TEST(BlockSubstitutions, ABlockThatAllComesThroughIsLeftOut) {
  const net::Graph graph = test::chain(true);
  const Pair pair;
  const auto results =
      BlockSubstitutions(graph, net::map_network(graph), *kEngine).run(pair.clean, pair.other, {0, 1});
  ASSERT_EQ(results.size(), 2U);
  for (const auto& each : results) EXPECT_EQ(each.part, Part::edge);
}

TEST(BlockSubstitutions, ABlockWithAPathAroundIt) {
  const net::Graph graph = test::chain(true);
  const net::NetworkMap map =
      net::map_network(graph, {{"first", "conv1a"}, {"second", "conv2a"}, {"third", "conv3a"}});
  BlockSubstitutions substitutions(graph, map, *kEngine);
  const Pair pair;
  const auto results = substitutions.run(pair.clean, pair.other, {0, 1});
  std::vector<std::string> names;
  for (const auto& each : results) names.push_back(each.target);
  EXPECT_EQ(names, (std::vector<std::string>{"second", "pool1 -> conv2a", "pool1 -> small"}));
  EXPECT_EQ(results[0].part, Part::block);
  EXPECT_EQ(results[1].part, Part::edge);

  // All that leaves it goes in at conv2a, and nothing else: the block is that edge.
  EXPECT_EQ(results[0].compromised.margin, results[1].compromised.margin);
  EXPECT_EQ(results[0].restored.margin, results[1].restored.margin);
  // Compromising one of two edges is restoring the other.
  EXPECT_EQ(results[1].compromised.margin, results[2].restored.margin);
  EXPECT_EQ(results[1].restored.margin, results[2].compromised.margin);

  // By hand: the network's second half, whose two inputs are pool1 of either image.
  const auto plan = kEngine->compile(graph, {.observed = {*graph.find("pool1"), *graph.find("pool2")}});
  const auto runs = plan->forward(pair.images);
  const net::NodeId pool2 = *graph.find("pool2");
  const std::vector<int> rows = {0};
  const std::vector<engine::Intervention> other = {{.node = pool2, .source = runs.get(), .source_row = 1}};
  const auto mixed = plan->resume(*runs, pool2, rows, other);
  const auto z = mixed->logits().values();
  EXPECT_DOUBLE_EQ(results[0].compromised.margin, z[0] - z[1]);
  const auto whole = logits(graph, pair.images);
  EXPECT_NE(results[0].compromised.margin, whole[0] - whole[1]);
  EXPECT_NE(results[0].compromised.margin, whole[4] - whole[5]);
}

// A value that one reader reads twice is one edge; a reader that nothing depends on is none.
TEST(BlockSubstitutions, EdgesThatAreNone) {
  net::Graph graph;
  net::NodeId x = graph.add("image", net::Input{{3, 8, 8}}, {});
  x = test::conv(graph, "conv", x, 3, 4);
  x = graph.add("relu", net::Relu{}, {x});
  const net::NodeId square = graph.add("square", net::Binary{net::Binary::Kind::mul}, {x, x});
  graph.add("dead", net::Relu{}, {x});
  graph.set_output(test::dense(graph, "fc", graph.add("flat", net::Flatten{}, {square}), 4 * 64, 3));
  EXPECT_FALSE(BlockSubstitutions(graph, net::map_network(graph), *kEngine).any());
}

}  // namespace
}  // namespace faultline::causal
