#include "causal/block_cuts.h"

#include <gtest/gtest.h>

#include "networks.h"

namespace faultline::causal {
namespace {

TEST(BlockCuts, OfAChainAreTheBlocksEnds) {
  const net::Graph graph = test::chain();
  const net::NetworkMap map = net::map_network(graph);
  ASSERT_EQ(map.blocks, (std::vector<std::string>{"block1", "block2", "block3", "head"}));
  const BlockCuts cuts = cut_blocks(graph, map);
  const std::vector<std::vector<std::string>> names = {{"relu1a", "relu1b", "pool1"},
                                                       {"relu2a", "relu2b", "pool2"},
                                                       {"relu3a", "relu3b", "pool3"},
                                                       {"relu_fc"}};
  ASSERT_EQ(cuts.gates.size(), 4U);
  for (std::size_t b = 0; b < 4; ++b) {
    std::vector<std::string> found;
    for (const net::NodeId id : cuts.gates[b]) found.push_back(graph.node(id).name);
    EXPECT_EQ(found, names[b]);
  }
  ASSERT_EQ(cuts.exits.size(), 3U);
  for (int b = 0; b < 3; ++b)
    EXPECT_EQ(graph.node(cuts.exits[static_cast<std::size_t>(b)]).name, "pool" + std::to_string(b + 1));
}

TEST(BlockCuts, WherePathsLeadAroundABlockThereIsNoExit) {
  const net::Graph graph = test::chain(true);
  const BlockCuts cuts = cut_blocks(graph, net::map_network(graph));
  ASSERT_EQ(cuts.exits.size(), 3U);
  EXPECT_EQ(graph.node(cuts.exits[0]).name, "pool1");  // which both readers read
  EXPECT_EQ(cuts.exits[1], -1);
  EXPECT_EQ(graph.node(cuts.exits[2]).name, "pool3");
}

}  // namespace
}  // namespace faultline::causal
