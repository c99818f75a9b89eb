#include "formats/vgg.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/parallel.h"
#include "expect_error.h"
#include "formats/onnx_import.h"
#include "net/points.h"

namespace faultline::formats {
namespace {

VggOptions small(int layers) {
  return {.layers = layers, .seed = 3, .width = 1.0 / 16, .classes = 7, .input_size = 32};
}

const Tensor& weights(const net::Graph& graph, const std::string& name) {
  return *std::get<net::Constant>(graph.node(*graph.find(name)).op).value;
}

TEST(Vgg, HasTheLayersOfItsConfigurationUnderKerasNames) {
  for (const int layers : {11, 13, 16, 19}) {
    const net::Graph graph = build_vgg(small(layers));
    const net::NetworkMap map = net::map_network(graph);
    EXPECT_EQ(map.layers.size(), static_cast<std::size_t>(layers - 3));
    EXPECT_EQ(map.blocks.size(), 6U);
    EXPECT_EQ(graph.infer_shapes(5)[static_cast<std::size_t>(graph.output())], (Shape{5, 7}));
    for (const std::string name :
         {"block1_conv1", "block5_conv1_relu", "block5_pool", "flatten", "fc1", "fc2", "predictions"}) {
      EXPECT_TRUE(graph.find(name)) << name;
    }
  }
  EXPECT_TRUE(build_vgg(small(19)).find("block5_conv4"));
  EXPECT_FALSE(build_vgg(small(16)).find("block5_conv4"));
}

TEST(Vgg, CountsItsParameters) {
  // VGG-11 with 4, 8, 16, 32, 32 channels and dense layers of 256 at 32 pixels, by hand.
  const std::int64_t convolutions =
      (27 * 4 + 4) + (36 * 8 + 8) + (72 * 16 + 16) + (144 * 16 + 16) + (144 * 32 + 32) + 3 * (288 * 32 + 32);
  const std::int64_t dense = (32 * 256 + 256) + (256 * 256 + 256) + (256 * 7 + 7);
  EXPECT_EQ(parameter_count(build_vgg(small(11))), convolutions + dense);
}

TEST(Vgg, WeightsDependOnTheSeedAndNotOnThreads) {
  const auto first = [](const VggOptions& options) {
    const net::Graph graph = build_vgg(options);
    const Tensor& tensor = weights(graph, "block2_conv1.weight");
    return std::vector<float>(tensor.values().begin(), tensor.values().end());
  };
  VggOptions other = small(16);
  other.seed = 4;
  const std::vector<float> here = first(small(16));
  EXPECT_NE(here, first(other));
  set_compute_threads(1);
  EXPECT_EQ(here, first(small(16)));
  set_compute_threads(0);
}

TEST(Vgg, WeightsAreHeNormalAndBiasesZero) {
  const net::Graph graph = build_vgg({.width = 0.25, .classes = 10, .input_size = 32});
  const Tensor& tensor = weights(graph, "block4_conv2.weight");
  double sum = 0;
  double square = 0;
  for (const float w : tensor.values()) {
    sum += static_cast<double>(w);
    square += static_cast<double>(w) * static_cast<double>(w);
  }
  const auto count = static_cast<double>(tensor.elements());
  EXPECT_NEAR(sum / count, 0, 5 * std::sqrt(2.0 / 1152 / count));
  EXPECT_NEAR(square / count, 2.0 / 1152, 0.02 * 2.0 / 1152);
  const Tensor& bias = weights(graph, "fc1.bias");
  EXPECT_TRUE(std::all_of(bias.values().begin(), bias.values().end(), [](float b) { return b == 0; }));
}

TEST(Vgg, RefusesOptionsOutOfRange) {
  test::expect_error([] { build_vgg({.layers = 17}); }, ErrorKind::usage, "expected 11, 13, 16 or 19");
  test::expect_error([] { build_vgg({.width = 0}); }, ErrorKind::usage, "width");
  test::expect_error([] { build_vgg({.classes = 1}); }, ErrorKind::usage, "classes");
  test::expect_error([] { build_vgg({.input_size = 100}); }, ErrorKind::usage, "multiple of 32");
}

}  // namespace
}  // namespace faultline::formats
