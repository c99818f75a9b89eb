#include <gtest/gtest.h>

#include <algorithm>

#include "engine/close.h"
#include "engine/networks.h"
#include "engine/onednn/lowering.h"
#include "engine/run.h"
#include "formats/load_model.h"

namespace faultline {
namespace {

// The trained networks that come with faultline, at their real size: every activation and gradient against
// the reference engine. A ReLU or a pooling whose inputs nearly tie may decide differently in float, which
// the tolerance allows for.
void expect_agreement(const std::string& file) {
  const net::Graph graph = formats::load_model(std::string(FAULTLINE_SOURCE_DIR) + "/models/" + file).graph;
  Tensor images =
      test::random_tensor(graph.infer_shapes(1)[static_cast<std::size_t>(graph.input())], "image");
  for (float& value : images.values()) value = std::clamp(0.5F + 0.2F * value, 0.0F, 1.0F);
  const auto points = test::variable_nodes(graph);
  const auto plan = test::compile_all(graph, "onednn");
  const auto reference = test::compile_all(graph, "reference");
  const auto pass = plan->forward(images);
  const auto expected = reference->forward(images);
  const auto seeds = test::mixed_seeds(1, pass->logits().shape()[1]);
  const auto found_gradients = test::sweep(*plan, *pass, seeds, points);
  const auto expected_gradients = test::sweep(*reference, *expected, seeds, points);
  for (const net::NodeId node : points) {
    const std::string& name = graph.node(node).name;
    EXPECT_LE(test::relative_l2(pass->observe(node).read(0), expected->observe(node).read(0)), 1e-5) << name;
    EXPECT_LE(test::relative_l2(found_gradients.at.at(node)[0], expected_gradients.at.at(node)[0]), 1e-4)
        << name;
  }
}

TEST(OneDnnModels, VggAgreesWithTheReference) {
  expect_agreement("vgg16-slim-imagenette.onnx");
}

TEST(OneDnnModels, SqueezeNetAgreesWithTheReference) {
  expect_agreement("squeezenet1.0.onnx");
}

TEST(OneDnnModels, NoConvolutionRunsOnPlainLoops) {
  for (const char* file : {"vgg16-slim-imagenette.onnx", "squeezenet1.0.onnx"}) {
    const net::Graph graph = formats::load_model(std::string(FAULTLINE_SOURCE_DIR) + "/models/" + file).graph;
    for (const auto& convolution : engine::onednn::lower(graph, {}).convolutions) {
      EXPECT_FALSE(convolution.forward.starts_with("ref")) << file << ", " << convolution.node;
      EXPECT_FALSE(convolution.backward.starts_with("ref")) << file << ", " << convolution.node;
    }
  }
}

}  // namespace
}  // namespace faultline
