#include "heatmap/eigen_cam.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/networks.h"
#include "heatmap/rectified.h"
#include "heatmap/score.h"

namespace faultline::heatmap {
namespace {

// image [C,h,w] -> layer: a convolution that changes nothing -> logits <weights, image>.
struct Layer {
  std::unique_ptr<engine::Plan> plan;
  net::NodeId node;
  std::unique_ptr<engine::Pass> pass;

  Layer(const Tensor& images, const std::string& engine) {
    const std::int64_t channels = images.shape()[1];
    net::Graph graph;
    const auto input = graph.add("image", net::Input{images.shape().without_leading()}, {});
    Tensor identity(Shape{channels, channels, 1, 1});
    for (std::int64_t c = 0; c < channels; ++c) identity[c * channels + c] = 1;
    node = graph.add("layer", net::Conv{}, {input, graph.add_constant("identity", identity)});
    const auto flat = graph.add("flat", net::Flatten{}, {node});
    graph.set_output(test::add_dense(graph, "fc", flat, images.shape().without_leading().elements(), 3));
    plan = test::compile_all(graph, engine);
    pass = plan->forward(images);
  }

  DoubleTensor maps(DoubleTensor (*method)(const engine::Observation&)) const {
    DoubleTensor found;
    plan->backward(*pass, class_score(pass->logits(), {}), {&node, 1},
                   [&](const engine::Observation& at) { found = method(at); });
    return found;
  }
};

// Channels that are multiples of one pattern p have one component: |multiples| (p - mean p).
TEST(EigenCam, OfOnePatternIsThatPattern) {
  const std::vector<float> pattern = {1, 2, 6, 3};
  const std::vector<float> multiples = {2, -1, 2};
  Tensor image(Shape{1, 3, 2, 2});
  for (std::int64_t i = 0; i < 12; ++i)
    image[i] = multiples[static_cast<std::size_t>(i / 4)] * pattern[static_cast<std::size_t>(i % 4)] + 5.0F;
  for (const std::string engine : {"reference", "onednn"}) {
    const DoubleTensor map = Layer(image, engine).maps(eigen_cam);
    ASSERT_EQ(map.shape(), (Shape{1, 2, 2}));
    for (std::int64_t p = 0; p < 4; ++p)
      EXPECT_NEAR(map[p], 3.0 * (double{pattern[static_cast<std::size_t>(p)]} - 3), 1e-5) << engine;
  }
}

TEST(EigenCam, IsTurnedSoThatItsLargestCellIsPositive) {
  for (const auto& shape : {Shape{4, 3, 5, 4}, Shape{4, 30, 2, 3}}) {
    const Layer layer(test::random_tensor(shape, "images"), "reference");
    for (const auto method : {eigen_cam, eigen_grad_cam}) {
      const DoubleTensor maps = layer.maps(method);
      for (std::int64_t row = 0; row < 4; ++row) {
        double largest = 0;
        for (const double value : maps.row(row).values()) {
          if (std::abs(value) > std::abs(largest)) largest = value;
        }
        EXPECT_GT(largest, 0);
      }
    }
  }
}

// The energy of the first component is the largest that any direction has.
TEST(EigenCam, HasMoreEnergyThanAnyChannel) {
  const Tensor images = test::random_tensor(Shape{1, 6, 4, 4}, "image");
  const DoubleTensor map = Layer(images, "reference").maps(eigen_cam);
  double energy = 0;
  for (const double value : map.values()) energy += value * value;
  for (std::int64_t c = 0; c < 6; ++c) {
    double mean = 0;
    for (std::int64_t p = 0; p < 16; ++p) mean += double{images[c * 16 + p]} / 16;
    double of_channel = 0;
    for (std::int64_t p = 0; p < 16; ++p) of_channel += std::pow(double{images[c * 16 + p]} - mean, 2);
    EXPECT_GT(energy, of_channel);
  }
}

TEST(EigenCam, IsBlankWhereChannelsAreConstant) {
  Tensor image(Shape{1, 2, 3, 3});
  for (float& value : image.values()) value = 0.5F;
  EXPECT_TRUE(is_blank(Layer(image, "reference").maps(eigen_cam)));
}

}  // namespace
}  // namespace faultline::heatmap
