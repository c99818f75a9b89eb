#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "formats/load_model.h"

namespace faultline::formats {
namespace {

std::filesystem::path models() {
  return std::filesystem::path(FAULTLINE_SOURCE_DIR) / "models";
}

std::vector<std::string> convolutions(const net::Graph& graph) {
  std::vector<std::string> names;
  for (const net::Node& node : graph.nodes()) {
    if (std::holds_alternative<net::Conv>(node.op)) names.push_back(node.name);
  }
  return names;
}

Shape output_shape(const net::Graph& graph, std::int64_t batch) {
  return graph.infer_shapes(batch)[static_cast<std::size_t>(graph.output())];
}

TEST(EmbeddedModels, Vgg16SlimHasKerasNames) {
  const Model model = load_model(models() / "vgg16-slim-imagenette.onnx");
  EXPECT_THAT(
      convolutions(model.graph),
      testing::ElementsAre("block1_conv1", "block1_conv2", "block2_conv1", "block2_conv2", "block3_conv1",
                           "block3_conv2", "block3_conv3", "block4_conv1", "block4_conv2", "block4_conv3",
                           "block5_conv1", "block5_conv2", "block5_conv3"));
  EXPECT_EQ(model.parameters, 2'595'034);
  EXPECT_EQ(model.classes, 10);
  EXPECT_EQ(model.manifest.labels.size(), 10U);
  EXPECT_TRUE(model.gives_logits);
  EXPECT_EQ(model.opset, 13);
  EXPECT_EQ(model.sha256.size(), 64U);
  EXPECT_EQ(output_shape(model.graph, 7), (Shape{7, 10}));
  for (const std::string name :
       {"image", "normalized", "block5_pool", "flatten", "fc1", "fc2_relu", "predictions"}) {
    EXPECT_TRUE(model.graph.find(name)) << name;
  }
}

TEST(EmbeddedModels, SqueezeNetIsBranchedAndGivesAThousandLogits) {
  const Model model = load_model(models() / "squeezenet1.0.onnx");
  EXPECT_EQ(convolutions(model.graph).size(), 26U);
  EXPECT_EQ(model.parameters, 1'248'424);
  EXPECT_EQ(model.classes, 1000);
  EXPECT_EQ(model.manifest.labels.size(), 1000U);
  EXPECT_TRUE(model.manifest.input.bgr);
  EXPECT_EQ(model.manifest.input.width, 227);
  EXPECT_EQ(output_shape(model.graph, 2), (Shape{2, 1000}));
  EXPECT_TRUE(model.graph.find("fire9/Concat"));
}

}  // namespace
}  // namespace faultline::formats
