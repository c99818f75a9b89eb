#include "net/points.h"

#include <gmock/gmock.h>

#include <array>

#include "expect_error.h"
#include "sample_networks.h"

namespace faultline::net {
namespace {

using test::expect_error;
using test::GraphBuilder;
using test::residual_network;
using test::squeezenet;
using test::vgg16;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

// "name kind block <- predecessor predecessor", one a point.
std::vector<std::string> described(const NetworkMap& map) {
  constexpr std::array<const char*, 5> kKinds = {"input", "layer", "pooling", "dense", "logits"};
  std::vector<std::string> lines;
  for (const Point& point : map.points) {
    std::string line = point.name + " " + kKinds.at(static_cast<std::size_t>(point.kind)) + " " +
                       map.blocks.at(static_cast<std::size_t>(point.block)) + " <-";
    for (const int p : point.predecessors) line += " " + map.points.at(static_cast<std::size_t>(p)).name;
    lines.push_back(line);
  }
  return lines;
}

std::string block_of(const Graph& graph, const NetworkMap& map, const std::string& node) {
  return map.blocks.at(
      static_cast<std::size_t>(map.block_of_node.at(static_cast<std::size_t>(graph.find(node).value()))));
}

std::string name_of(const Graph& graph, NodeId id) {
  return graph.node(id).name;
}

TEST(Points, OfVgg16) {
  const Graph graph = vgg16(224);
  const NetworkMap map = map_network(graph);
  EXPECT_THAT(map.blocks, ElementsAre("block1", "block2", "block3", "block4", "block5", "head"));
  EXPECT_THAT(
      described(map),
      ElementsAre("input input block1 <-", "block1_conv1 layer block1 <- input",
                  "block1_conv2 layer block1 <- block1_conv1", "block1_pool pooling block1 <- block1_conv2",
                  "block2_conv1 layer block2 <- block1_pool", "block2_conv2 layer block2 <- block2_conv1",
                  "block2_pool pooling block2 <- block2_conv2", "block3_conv1 layer block3 <- block2_pool",
                  "block3_conv2 layer block3 <- block3_conv1", "block3_conv3 layer block3 <- block3_conv2",
                  "block3_pool pooling block3 <- block3_conv3", "block4_conv1 layer block4 <- block3_pool",
                  "block4_conv2 layer block4 <- block4_conv1", "block4_conv3 layer block4 <- block4_conv2",
                  "block4_pool pooling block4 <- block4_conv3", "block5_conv1 layer block5 <- block4_pool",
                  "block5_conv2 layer block5 <- block5_conv1", "block5_conv3 layer block5 <- block5_conv2",
                  "block5_pool pooling block5 <- block5_conv3", "fc1 dense head <- block5_pool",
                  "fc2 dense head <- fc1", "logits logits head <- fc2"));
  ASSERT_EQ(map.layers.size(), 13u);
  const Layer& layer = map.layer("block4_conv1");
  EXPECT_EQ(name_of(graph, layer.pre_activation), "block4_conv1");
  EXPECT_EQ(name_of(graph, layer.post_activation), "block4_conv1_relu");
  EXPECT_EQ(map.blocks.at(static_cast<std::size_t>(layer.block)), "block4");
  EXPECT_EQ(name_of(graph, map.points.front().node), "normalized");
  EXPECT_EQ(name_of(graph, map.points.back().node), "predictions");
  EXPECT_EQ(block_of(graph, map, "block3_conv1.weight"), "block3");
  EXPECT_EQ(block_of(graph, map, "flatten"), "head");
}

TEST(Points, OfVgg16AtTheSmallestInputAreTheSame) {
  EXPECT_THAT(described(map_network(vgg16(32))), ElementsAreArray(described(map_network(vgg16(224)))));
}

TEST(Points, OfSqueezeNet) {
  const Graph graph = squeezenet();
  const NetworkMap map = map_network(graph);
  EXPECT_THAT(map.blocks, ElementsAre("block1", "block2", "block3", "block4", "head"));
  const auto points = described(map);
  const auto fire = [](const std::string& name, const std::string& block, const std::string& before) {
    const std::string squeeze = name + "/squeeze";
    return std::vector<std::string>{squeeze + " layer " + block + " <- " + before,
                                    name + "/expand1x1 layer " + block + " <- " + squeeze,
                                    name + "/expand3x3 layer " + block + " <- " + squeeze};
  };
  const auto both = [](const std::string& name) { return name + "/expand1x1 " + name + "/expand3x3"; };
  std::vector<std::string> expected = {"input input block1 <-", "conv1 layer block1 <- input",
                                       "pool1 pooling block1 <- conv1"};
  const auto append = [&](const std::vector<std::string>& lines) {
    expected.insert(expected.end(), lines.begin(), lines.end());
  };
  append(fire("fire2", "block2", "pool1"));
  append(fire("fire3", "block2", both("fire2")));
  append(fire("fire4", "block2", both("fire3")));
  append({"pool4 pooling block2 <- " + both("fire4")});
  append(fire("fire5", "block3", "pool4"));
  append(fire("fire6", "block3", both("fire5")));
  append(fire("fire7", "block3", both("fire6")));
  append(fire("fire8", "block3", both("fire7")));
  append({"pool8 pooling block3 <- " + both("fire8")});
  append(fire("fire9", "block4", "pool8"));
  // The average over positions is the logits; it is no second point of the same value.
  append({"conv10 layer block4 <- " + both("fire9"), "logits logits head <- conv10"});
  EXPECT_THAT(points, ElementsAreArray(expected));
  EXPECT_EQ(map.layers.size(), 26u);
  EXPECT_EQ(block_of(graph, map, "gap"), "block4");
}

TEST(Points, ResidualAdditionsJoinPredecessors) {
  const Graph graph = residual_network();
  const NetworkMap map = map_network(graph);
  EXPECT_THAT(map.blocks, ElementsAre("block1", "block2", "block3", "head"));
  EXPECT_THAT(described(map), ElementsAre("input input block1 <-", "stem layer block1 <- input",
                                          "stem_pool pooling block1 <- stem", "a1 layer block2 <- stem_pool",
                                          "a2 layer block2 <- a1", "b_down layer block3 <- stem_pool a2",
                                          "b1 layer block3 <- stem_pool a2", "b2 layer block3 <- b1",
                                          "gap pooling block3 <- b_down b2", "logits logits head <- gap"));
  EXPECT_EQ(name_of(graph, map.layer("stem").pre_activation), "stem_bn");
  EXPECT_EQ(name_of(graph, map.layer("stem").post_activation), "stem_relu");
  EXPECT_EQ(name_of(graph, map.layer("a2").post_activation), "a2_bn");
  EXPECT_EQ(name_of(graph, map.layer("b1").post_activation), "b1_relu");
  EXPECT_EQ(block_of(graph, map, "a_relu"), "block2");
}

TEST(Points, SqueezeAndExcitationIsNoHeadAndSwishIsAnActivation) {
  GraphBuilder net({3, 16, 16});
  const NodeId conv = net.conv("conv", 4, 3, 2, 1).last();
  const NodeId gate = net.add("sigmoid", Sigmoid{}).last();
  const NodeId swish = net.join("swish", Binary{.kind = Binary::Kind::mul}, {conv, gate}).last();
  net.add("squeeze", GlobalAveragePool{})
      .conv("se1", 2, 1)
      .add("se_relu", Relu{})
      .conv("se2", 4, 1)
      .add("se_gate", Sigmoid{});
  net.join("excite", Binary{.kind = Binary::Kind::mul}, {swish, net.last()}).conv("conv2", 4, 3, 2, 1);
  const Graph graph =
      net.add("gap", GlobalAveragePool{}).add("flat", Squeeze{.axes = {2, 3}}).dense("fc", 3).finish();
  const NetworkMap map = map_network(graph);
  EXPECT_THAT(map.blocks, ElementsAre("block1", "block2", "head"));
  EXPECT_EQ(name_of(graph, map.layer("conv").post_activation), "swish");
  EXPECT_EQ(name_of(graph, map.layer("se2").post_activation), "se_gate");
  EXPECT_EQ(block_of(graph, map, "se2"), "block1");
  EXPECT_EQ(block_of(graph, map, "excite"), "block1");
  EXPECT_THAT(described(map), ElementsAre("input input block1 <-", "conv layer block1 <- input",
                                          "squeeze pooling block1 <- conv", "se1 layer block1 <- squeeze",
                                          "se2 layer block1 <- se1", "conv2 layer block2 <- conv se2",
                                          "gap pooling block2 <- conv2", "logits logits head <- gap"));
}

TEST(Points, NetworksWithoutPoolingOrBlocks) {
  GraphBuilder single({3, 8, 8});
  const Graph no_pooling = single.conv("conv", 2, 3).add("flatten", Flatten{}).dense("fc", 3).finish();
  EXPECT_THAT(
      described(map_network(no_pooling)),
      ElementsAre("input input block1 <-", "conv layer block1 <- input", "logits logits head <- conv"));

  GraphBuilder strided({3, 16, 16});
  strided.conv("a", 2, 3, 2, 1).add("a_act", Tanh{}).conv("b", 2, 3, 2, 1).add("b_act", Sigmoid{});
  const Graph all_convolutional = strided.conv("c", 4, 4).add("flatten", Flatten{}).finish();
  EXPECT_THAT(described(map_network(all_convolutional)),
              ElementsAre("input input block1 <-", "a layer block1 <- input", "b layer block2 <- a",
                          "logits logits head <- b"));

  GraphBuilder dense({3, 2, 2});
  dense.add("flatten", Flatten{}).dense("fc1", 4).add("relu", LeakyRelu{});
  const Graph no_layers = dense.dense("fc2", 3).finish();
  EXPECT_THAT(described(map_network(no_layers)),
              ElementsAre("input input head <-", "fc1 dense head <- input", "logits logits head <- fc1"));

  GraphBuilder dense_map({3, 8, 8});
  const Graph no_head = dense_map.conv("a", 2, 3, 1, 1).conv("b", 2, 3, 2, 1).finish();
  EXPECT_THAT(map_network(no_head).blocks, ElementsAre("block1", "block2"));
}

TEST(Points, PoolingsInARowStayInOneBlock) {
  GraphBuilder net({3, 32, 32});
  net.max_pool("early")
      .conv("a", 2, 3, 1, 1)
      .max_pool("p1")
      .max_pool("p2")
      .conv("b", 2, 3, 1, 1)
      .max_pool("p3");
  const Graph graph = net.add("act", Relu{}).add("flatten", Flatten{}).dense("fc", 3).finish();
  const NetworkMap map = map_network(graph);
  EXPECT_THAT(map.blocks, ElementsAre("block1", "block2", "head"));
  EXPECT_EQ(block_of(graph, map, "early"), "block1");
  EXPECT_EQ(block_of(graph, map, "p2"), "block1");
  EXPECT_EQ(block_of(graph, map, "p3"), "block2");
  EXPECT_EQ(block_of(graph, map, "act"), "head");
}

TEST(Points, BiasesDropoutAndUnusedBranches) {
  GraphBuilder net({3, 8, 8});
  const NodeId conv = net.conv("conv", 2, 3).last();
  net.join("bias", Binary{}, {conv, net.constant("b", {2, 1, 1})})
      .add("drop", Identity{"Dropout"})
      .add("act", Relu{});
  const NodeId trunk = net.last();
  net.conv("unused", 2, 3).add("unused_pool", GlobalAveragePool{});
  const NodeId flat = net.from(trunk).add("flatten", Flatten{}).last();
  net.join("matmul", MatMul{}, {flat, net.constant("w", {72, 3})});
  const NodeId product = net.last();
  const Graph graph = net.join("logit_bias", Binary{}, {product, net.constant("c", {3})}).finish();
  const NetworkMap map = map_network(graph);
  EXPECT_EQ(name_of(graph, map.layer("conv").pre_activation), "bias");
  EXPECT_EQ(name_of(graph, map.layer("conv").post_activation), "act");
  EXPECT_THAT(described(map), ElementsAre("input input block1 <-", "conv layer block1 <- input",
                                          "logits logits head <- conv"));
  EXPECT_EQ(map.block_of_node.size(), static_cast<std::size_t>(graph.size()));
}

TEST(Points, BlocksNeverGoBackAlongAnEdge) {
  for (const Graph& graph : {vgg16(64), squeezenet(), residual_network()}) {
    const NetworkMap map = map_network(graph);
    for (NodeId id = 0; id < graph.size(); ++id) {
      for (const NodeId input : graph.node(id).inputs) {
        EXPECT_LE(map.block_of_node[static_cast<std::size_t>(input)],
                  map.block_of_node[static_cast<std::size_t>(id)])
            << name_of(graph, input) << " -> " << name_of(graph, id);
      }
    }
  }
}

TEST(Points, UserBlocks) {
  const Graph graph = vgg16(64);
  const NetworkMap map =
      map_network(graph, {{"early", "block1_conv1"}, {"late", "block4_conv2"}, {"end", "fc2"}});
  EXPECT_THAT(map.blocks, ElementsAre("early", "late", "end"));
  EXPECT_EQ(block_of(graph, map, "image"), "early");
  EXPECT_EQ(block_of(graph, map, "block4_conv1_relu"), "early");
  EXPECT_EQ(block_of(graph, map, "block4_conv2"), "late");
  EXPECT_EQ(block_of(graph, map, "block4_conv2.weight"), "late");
  EXPECT_EQ(block_of(graph, map, "fc1_relu"), "late");
  EXPECT_EQ(block_of(graph, map, "predictions"), "end");
}

TEST(Points, UserBlocksThatDoNotFit) {
  const Graph graph = vgg16(64);
  const auto map = [&](const std::vector<BlockStart>& starts) {
    return [&graph, starts] { map_network(graph, starts); };
  };
  expect_error(map({{"a", "nowhere"}}), ErrorKind::model,
               "block 'a' begins at node 'nowhere', which the model does not have");
  expect_error(map({{"a", "fc1.weight"}}), ErrorKind::model, "does not depend on the image");
  expect_error(map({{"a", "fc1"}, {"b", "block1_conv1"}}), ErrorKind::model,
               "block 'b' begins at node 'block1_conv1'");
  expect_error(map({{"a", "block1_conv1"}, {"a", "fc1"}}), ErrorKind::model, "two blocks are called 'a'");
}

TEST(Points, UnknownLayersAndConstantLogits) {
  const Graph graph = residual_network();
  expect_error([&] { map_network(graph).layer("c1"); }, ErrorKind::usage,
               "layer 'c1', expected one of: stem, a1, a2, b_down, b1, b2");
  GraphBuilder net({3, 4, 4});
  const NodeId constant = net.constant("fixed", {1, 3});
  expect_error([&] { map_network(net.from(constant).finish()); }, ErrorKind::model,
               "do not depend on the image");
}

}  // namespace
}  // namespace faultline::net
