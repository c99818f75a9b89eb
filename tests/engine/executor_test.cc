#include <gtest/gtest.h>

#include <map>

#include "engine/networks.h"

namespace faultline {
namespace {

using engine::Observation;
using engine::Seeds;

// image [1,2,2] -> 1x1 convolution with weights 2 and -1 -> relu -> flatten -> logits = matrix times 8
// values.
net::Graph tiny_network() {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{1, 2, 2}}, {});
  const auto w = graph.add_constant("w", Tensor(Shape{2, 1, 1, 1}, {2, -1}));
  const auto conv = graph.add("conv", net::Conv{}, {input, w});
  const auto relu = graph.add("relu", net::Relu{}, {conv});
  const auto flat = graph.add("flat", net::Flatten{}, {relu});
  const auto m =
      graph.add_constant("m", Tensor(Shape{8, 2}, {1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 2, 0, 3, 0, 4}));
  graph.set_output(graph.add("fc", net::MatMul{}, {flat, m}));
  return graph;
}

TEST(Executor, ComputesATinyNetworkByHand) {
  const net::Graph graph = tiny_network();
  const auto plan = test::compile_all(graph, "reference");
  const Tensor images(Shape{1, 1, 2, 2}, {1, -2, 3, -4});
  const auto pass = plan->forward(images);
  // relu: [2 0 6 0], [0 2 0 4]
  EXPECT_EQ(pass->logits()[0], 2 + 6);
  EXPECT_EQ(pass->logits()[1], 2 * 2 + 4 * 4);
  const DoubleTensor conv = pass->observe(*graph.find("conv")).read(0);
  EXPECT_EQ(conv.shape(), (Shape{2, 2, 2}));
  EXPECT_EQ(conv[7], 4);
}

TEST(Executor, DifferentiatesATinyNetworkByHand) {
  const net::Graph graph = tiny_network();
  const auto plan = test::compile_all(graph, "reference");
  const Tensor images(Shape{1, 1, 2, 2}, {1, -2, 3, -4});
  const auto pass = plan->forward(images);
  const std::vector<net::NodeId> points = {*graph.find("conv"), *graph.find("relu"), graph.input()};
  std::vector<net::NodeId> visited;
  std::map<net::NodeId, DoubleTensor> gradients;
  Tensor image_gradient(Shape{1, 1, 2, 2});
  plan->backward(
      *pass, Seeds{DoubleTensor(Shape{1, 2}, {1, 10})}, points,
      [&](const Observation& at) {
        visited.push_back(at.node());
        gradients[at.node()] = at.read_gradient(0);
      },
      image_gradient);
  EXPECT_EQ(visited, (std::vector<net::NodeId>{points[1], points[0], points[2]}));
  const DoubleTensor relu(Shape{2, 2, 2}, {1, 1, 1, 1, 10, 20, 30, 40});
  const DoubleTensor conv(Shape{2, 2, 2}, {1, 0, 1, 0, 0, 20, 0, 40});
  for (std::int64_t i = 0; i < 8; ++i) {
    EXPECT_EQ(gradients[points[1]][i], relu[i]);
    EXPECT_EQ(gradients[points[0]][i], conv[i]);
  }
  const Tensor expected(Shape{1, 1, 2, 2}, {2, -20, 2, -40});
  for (std::int64_t i = 0; i < 4; ++i) {
    EXPECT_EQ(image_gradient[i], expected[i]);
    EXPECT_EQ(gradients[graph.input()][i], double{expected[i]});
  }
}

TEST(Executor, RunsANetworkWithBranches) {
  const net::Graph graph = test::branched_network();
  const auto plan = test::compile_all(graph, "reference");
  const Tensor images = test::random_tensor(Shape{3, 3, 9, 7}, "images");
  const auto pass = plan->forward(images);
  EXPECT_EQ(pass->logits().shape(), (Shape{3, 5}));
  for (const double logit : pass->logits().values()) EXPECT_TRUE(std::isfinite(logit));
}

}  // namespace
}  // namespace faultline
