#include <gtest/gtest.h>

#include <algorithm>

#include "engine/close.h"
#include "engine/networks.h"
#include "engine/onednn/lowering.h"
#include "engine/run.h"
#include "formats/load_model.h"

namespace faultline {
namespace {

// The trained networks that come with faultline, at their real size, against the reference engine.
class Comparison {
 public:
  explicit Comparison(const std::string& file)
      : graph_(formats::load_model(std::string(FAULTLINE_SOURCE_DIR) + "/models/" + file).graph),
        points_(test::variable_nodes(graph_)),
        plan_(test::compile_all(graph_, "onednn", true, {.precision = engine::Precision::f32})),
        reference_(test::compile_all(graph_, "reference")) {}

  // The largest relative errors over all points: of activations, of gradients.
  std::pair<double, double> errors(const std::string& name) const {
    Tensor image =
        test::random_tensor(graph_.infer_shapes(1)[static_cast<std::size_t>(graph_.input())], name);
    for (float& value : image.values()) value = std::clamp(0.5F + 0.2F * value, 0.0F, 1.0F);
    const auto pass = plan_->forward(image);
    const auto expected = reference_->forward(image);
    const auto seeds = test::mixed_seeds(1, pass->logits().shape()[1]);
    const auto found_gradients = test::sweep(*plan_, *pass, seeds, points_);
    const auto expected_gradients = test::sweep(*reference_, *expected, seeds, points_);
    double activation = 0;
    double gradient = 0;
    for (const net::NodeId node : points_) {
      activation = std::max(activation,
                            test::relative_l2(pass->observe(node).read(0), expected->observe(node).read(0)));
      gradient = std::max(
          gradient, test::relative_l2(found_gradients.at.at(node)[0], expected_gradients.at.at(node)[0]));
    }
    return {activation, gradient};
  }

 private:
  net::Graph graph_;
  std::vector<net::NodeId> points_;
  std::unique_ptr<engine::Plan> plan_;
  std::unique_ptr<engine::Plan> reference_;
};

// Activations agree on every image. A gradient jumps where the two decide differently about one ReLU or
// pooling whose inputs all but tie, which round-off makes happen on one image in a few: so on one image of
// several all gradients have to agree.
void expect_agreement(const std::string& file) {
  const Comparison comparison(file);
  double best = 1;
  for (int i = 0; i < 5 && best > 1e-5; ++i) {
    const auto [activation, gradient] = comparison.errors("image " + std::to_string(i));
    EXPECT_LE(activation, 1e-5);
    best = std::min(best, gradient);
  }
  EXPECT_LE(best, 1e-5);
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
      EXPECT_EQ(convolution.forward.find("ref"), std::string::npos) << file << ", " << convolution.node;
      EXPECT_EQ(convolution.backward.find("ref"), std::string::npos) << file << ", " << convolution.node;
    }
  }
}

}  // namespace
}  // namespace faultline
