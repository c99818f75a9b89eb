#include "study/twin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>

#include "expect_error.h"
#include "formats/vgg.h"
#include "net/reference.h"

namespace faultline::study {
namespace {

Tensor ramp(const Shape& shape, float offset) {
  Tensor tensor(shape);
  for (std::int64_t i = 0; i < tensor.elements(); ++i)
    tensor[i] = offset + 0.9F * static_cast<float>(i * 7919 % 1009) / 1009;
  return tensor;
}

// conv (shared weights, no bias) -> batch normalisation -> relu -> conv + constant -> relu, added to the
// first relu -> strided grouped conv -> pool -> flatten -> MatMul + constant -> relu -> Gemm
net::Graph branched() {
  net::Graph graph;
  const net::NodeId image = graph.add("image", net::Input{{3, 8, 8}}, {});
  const net::NodeId pixels =
      graph.add("normalized", net::Normalize{.mean = {0.4F, 0.5F, 0.6F}, .std = {0.2F, 0.2F, 0.3F}}, {image});
  const net::NodeId w1 = graph.add_constant("w1", ramp({4, 3, 3, 3}, -0.5F));
  const net::NodeId conv1 = graph.add("conv1", net::Conv{.pads = {1, 1, 1, 1}}, {pixels, w1});
  std::vector<net::NodeId> inputs = {conv1};
  for (const std::string name : {"scale", "bias", "mean", "variance"})
    inputs.push_back(graph.add_constant("bn/" + name, ramp({4}, 0.5F)));
  const net::NodeId bn = graph.add("bn", net::BatchNormalization{}, inputs);
  const net::NodeId relu1 = graph.add("relu1", net::Relu{}, {bn});
  const net::NodeId w2 = graph.add_constant("w2", ramp({4, 4, 3, 3}, -0.4F));
  const net::NodeId conv2 = graph.add("conv2", net::Conv{.pads = {1, 1, 1, 1}}, {relu1, w2});
  const net::NodeId b2 = graph.add_constant("b2", ramp({4, 1, 1}, 2));
  const net::NodeId sum2 = graph.add("sum2", net::Binary{}, {b2, conv2});
  const net::NodeId relu2 = graph.add("relu2", net::Relu{}, {sum2});
  const net::NodeId skip = graph.add("skip", net::Binary{}, {relu2, relu1});
  const net::NodeId w3 = graph.add_constant("w3", ramp({6, 2, 3, 3}, -0.3F));
  const net::NodeId conv3 = graph.add("conv3", net::Conv{.strides = {2, 2}, .groups = 2}, {skip, w3});
  const net::NodeId flat = graph.add("flat", net::Flatten{}, {conv3});
  const net::NodeId w4 = graph.add_constant("w4", ramp({54, 7}, -0.5F));
  const net::NodeId product = graph.add("product", net::MatMul{}, {flat, w4});
  const net::NodeId b4 = graph.add_constant("b4", ramp({7}, 1));
  const net::NodeId sum4 = graph.add("sum4", net::Binary{}, {product, b4});
  const net::NodeId relu4 = graph.add("relu4", net::Relu{}, {sum4});
  const net::NodeId w5 = graph.add_constant("w5", ramp({5, 7}, -0.5F));
  graph.set_output(graph.add("logits", net::Gemm{.alpha = 2, .transpose_b = true}, {relu4, w5}));
  return graph;
}

Tensor pictures() {
  return ramp({24, 3, 8, 8}, 0.05F);
}

net::Graph twin_of(const net::Graph& graph, std::uint64_t seed, const std::string& engine = "reference") {
  return make_twin(graph, *engine::make_engine(engine), pictures(), seed, {});
}

// Of each unit over all images and positions.
void expect_standard(const net::Graph& graph, const std::string& node) {
  SCOPED_TRACE(node);
  DoubleTensor images(pictures().shape());
  const Tensor pixels = pictures();
  for (std::int64_t i = 0; i < images.elements(); ++i) images[i] = static_cast<double>(pixels[i]);
  const DoubleTensor value =
      std::move(net::evaluate<double>(graph, images.view())[net::at(graph.find(node).value())]);
  const Shape& shape = value.shape();
  const std::int64_t inner = shape.elements(2, shape.rank());
  for (std::int64_t unit = 0; unit < shape[1]; ++unit) {
    double sum = 0;
    double squares = 0;
    for (std::int64_t n = 0; n < shape[0]; ++n) {
      for (std::int64_t i = 0; i < inner; ++i) {
        const double v = value[(n * shape[1] + unit) * inner + i];
        sum += v;
        squares += v * v;
      }
    }
    const auto count = static_cast<double>(shape[0] * inner);
    EXPECT_NEAR(sum / count, 0, 1e-4);
    EXPECT_NEAR(squares / count, 1, 1e-4);
  }
}

TEST(Twin, GivesEveryLayerMeanZeroAndStandardDeviationOne) {
  for (const std::string engine : {"reference", "onednn"}) {
    SCOPED_TRACE(engine);
    const net::Graph twin = twin_of(branched(), 3, engine);
    for (const std::string node : {"conv1", "bn", "conv2", "sum2", "conv3", "product", "sum4", "logits"})
      expect_standard(twin, node);
  }
}

TEST(Twin, HasTheNodesOfItsNetworkAndNoWeightOfIt) {
  const net::Graph graph = branched();
  const net::Graph twin = twin_of(graph, 3);
  std::set<std::string> names;
  for (const net::Node& node : twin.nodes()) {
    names.insert(node.name);
    if (std::holds_alternative<net::Constant>(node.op)) continue;
    ASSERT_TRUE(graph.find(node.name)) << node.name;
  }
  for (const net::Node& node : graph.nodes()) EXPECT_TRUE(names.contains(node.name)) << node.name;
  for (const std::string name : {"w1", "b2", "w3", "w4", "b4", "w5", "bn/scale"}) {
    const auto& ours = *std::get<net::Constant>(twin.node(*twin.find(name)).op).value;
    const auto& theirs = *std::get<net::Constant>(graph.node(*graph.find(name)).op).value;
    EXPECT_EQ(ours.shape(), theirs.shape());
    EXPECT_FALSE(std::ranges::equal(ours.values(), theirs.values())) << name;
  }
}

TEST(Twin, DependsOnTheSeedOnly) {
  const auto weights = [](const net::Graph& twin) {
    const Tensor& w = *std::get<net::Constant>(twin.node(*twin.find("w3")).op).value;
    return std::vector<float>(w.values().begin(), w.values().end());
  };
  const std::vector<float> first = weights(twin_of(branched(), 1));
  EXPECT_EQ(first, weights(twin_of(branched(), 1)));
  EXPECT_NE(first, weights(twin_of(branched(), 2)));
}

TEST(Twin, DrawsHeNormalWeights) {
  // Of one unit before it is scaled: shape is kept by scaling, so the ratio of the fourth moment to the
  // squared second is that of a normal distribution.
  const net::Graph vgg = formats::build_vgg({.layers = 11, .width = 0.25, .classes = 10, .input_size = 32});
  const net::Graph twin = make_twin(vgg, *engine::make_engine("onednn"), ramp({4, 3, 32, 32}, 0), 0, {});
  const Tensor& w = *std::get<net::Constant>(twin.node(*twin.find("block5_conv2.weight")).op).value;
  const std::int64_t inputs = w.shape().without_leading().elements();
  double squares = 0;
  double fourths = 0;
  for (std::int64_t i = 0; i < inputs; ++i) {
    const double v = static_cast<double>(w[i]);
    squares += v * v / static_cast<double>(inputs);
    fourths += v * v * v * v / static_cast<double>(inputs);
  }
  EXPECT_NEAR(fourths / (squares * squares), 3, 0.5);
}

TEST(Twin, RefusesWhatItHasNoRuleForNamingTheNode) {
  net::Graph graph;
  const net::NodeId image = graph.add("image", net::Input{{3, 4, 4}}, {});
  const net::NodeId w = graph.add_constant("w", ramp({4, 4}, 0));
  const net::NodeId attended = graph.add("attended", net::MatMul{}, {image, w});
  graph.set_output(graph.add("flat", net::Flatten{}, {attended}));
  test::expect_error(
      [&] {
        make_twin(graph, *engine::make_engine("reference"), ramp({2, 3, 4, 4}, 0), 0, {});
      },
      ErrorKind::unsupported, "attended");
}

TEST(Twin, CanBeStopped) {
  const std::atomic<bool> stop = true;
  test::expect_error(
      [&] { make_twin(branched(), *engine::make_engine("reference"), pictures(), 0, RunControl({}, &stop)); },
      ErrorKind::interrupted, "stopped");
}

}  // namespace
}  // namespace faultline::study
