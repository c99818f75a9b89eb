#include <gtest/gtest.h>

#include <algorithm>

#include "base/parallel.h"
#include "engine/close.h"
#include "engine/networks.h"
#include "engine/onednn/lowering.h"
#include "engine/run.h"

namespace faultline {
namespace {

// VGG's topology on small images and few channels: conv-relu pairs and poolings, then three dense layers; the
// image is normalised first. [N,3,32,32] -> [N,10].
// smooth: with sigmoids and means in place of ReLU and maxima.
net::Graph vgg(bool smooth) {
  net::Graph graph;
  const auto activated = [&](const std::string& name, net::NodeId from) {
    return smooth ? graph.add(name, net::Sigmoid{}, {from}) : graph.add(name, net::Relu{}, {from});
  };
  const auto pooled = [&](const std::string& name, net::NodeId from) {
    return smooth ? graph.add(name, net::AveragePool{.kernel = {2, 2}, .strides = {2, 2}}, {from})
                  : graph.add(name, net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {from});
  };
  const auto image = graph.add("image", net::Input{Shape{3, 32, 32}}, {});
  auto x = graph.add("normalized", net::Normalize{.mean = {0.5F, 0.4F, 0.3F}, .std = {0.2F, 0.3F, 0.25F}},
                     {image});
  std::int64_t channels = 3;
  for (std::int64_t block = 1; block <= 3; ++block) {
    const std::int64_t width = 16 * block;
    for (int layer = 1; layer <= 2; ++layer) {
      const std::string name = "block" + std::to_string(block) + "_conv" + std::to_string(layer);
      x = test::add_conv(graph, name, x, Shape{width, channels, 3, 3}, {.pads = {1, 1, 1, 1}});
      x = activated(name + ".activation", x);
      channels = width;
    }
    x = pooled("pool" + std::to_string(block), x);
  }
  x = graph.add("flatten", net::Flatten{}, {x});
  x = test::add_dense(graph, "fc1", x, 768, 70);
  x = activated("fc1.activation", x);
  graph.set_output(test::add_dense(graph, "fc2", x, 70, 10));
  return graph;
}

net::Graph small_vgg() {
  return vgg(false);
}
net::Graph smooth_vgg() {
  return vgg(true);
}

// SqueezeNet's pieces: a strided first convolution, a fire module with a concat, a global mean.
net::Graph small_squeezenet() {
  net::Graph graph;
  const auto image = graph.add("image", net::Input{Shape{3, 33, 33}}, {});
  auto x = test::add_conv(graph, "conv1", image, Shape{24, 3, 7, 7}, {.strides = {2, 2}});
  x = graph.add("relu1", net::Relu{}, {x});
  x = graph.add("pool1", net::MaxPool{.kernel = {3, 3}, .strides = {2, 2}, .ceil_mode = true}, {x});
  const auto activated = [&](const std::string& name, net::NodeId from, const Shape& weights,
                             std::int64_t pad) {
    const auto conv = test::add_conv(graph, name, from, weights, {.pads = {pad, pad, pad, pad}});
    return graph.add(name + ".relu", net::Relu{}, {conv});
  };
  const auto squeeze = activated("squeeze", x, Shape{5, 24, 1, 1}, 0);
  const auto expand1 = activated("expand1", squeeze, Shape{17, 5, 1, 1}, 0);
  const auto expand3 = activated("expand3", squeeze, Shape{20, 5, 3, 3}, 1);
  x = graph.add("concat", net::Concat{.axis = 1}, {expand1, expand3});
  x = activated("conv10", x, Shape{11, 37, 1, 1}, 1);
  x = graph.add("mean", net::GlobalAveragePool{}, {x});
  graph.set_output(graph.add("logits", net::Flatten{}, {x}));
  return graph;
}

struct Network {
  const char* name;
  net::Graph (*make)();
  engine::Precision precision;
};

void PrintTo(const Network& network, std::ostream* out) {
  *out << network.name << ", " << engine::name_of(network.precision);
}

std::unique_ptr<engine::Plan> compile_at(const net::Graph& graph, engine::Precision precision) {
  return engine::make_engine("onednn", {.precision = precision})->compile(graph, {});
}

Tensor images_for(const net::Graph& graph, std::int64_t count) {
  Tensor images =
      test::random_tensor(graph.infer_shapes(count)[static_cast<std::size_t>(graph.input())], "images");
  for (float& value : images.values()) value = std::clamp(0.5F + 0.2F * value, 0.0F, 1.0F);
  return images;
}

struct Result {
  DoubleTensor logits;
  Tensor image_gradient;
};

// The logits and gradients of the images in batches of `size`, one after the other.
Result run_in_batches(engine::Plan& plan, const Tensor& images, std::int64_t size) {
  const std::int64_t count = images.shape()[0];
  Result result;
  result.image_gradient = Tensor(images.shape());
  for (std::int64_t first = 0; first < count; first += size) {
    const std::int64_t rows = std::min(size, count - first);
    const auto pass = plan.forward(images.rows(first, rows));
    const std::int64_t classes = pass->logits().shape()[1];
    if (first == 0) result.logits = DoubleTensor(Shape{count, classes});
    std::copy_n(pass->logits().data(), rows * classes, result.logits.row(first).data());
    engine::Seeds seeds{DoubleTensor(Shape{rows, classes})};
    for (std::int64_t r = 0; r < rows; ++r) seeds.logit_gradients[r * classes + 3] = 1;
    plan.backward(
        *pass, seeds, {}, [](const engine::Observation&) {}, result.image_gradient.rows(first, rows));
  }
  return result;
}

void expect_same(const Result& a, const Result& b, const std::string& what) {
  EXPECT_TRUE(test::same(a.logits, b.logits)) << what;
  EXPECT_TRUE(test::same(test::to_double(a.image_gradient), test::to_double(b.image_gradient))) << what;
}

void expect_close(const Result& a, const Result& b) {
  EXPECT_LE(test::relative_l2(a.logits, b.logits), test::round_off("onednn"));
  EXPECT_LE(test::relative_l2(test::to_double(a.image_gradient), test::to_double(b.image_gradient)),
            test::round_off("onednn"));
}

class OneDnnRows : public ::testing::TestWithParam<Network> {
 protected:
  net::Graph graph_ = GetParam().make();
  void TearDown() override { set_compute_threads(0); }
  std::unique_ptr<engine::Plan> compile() const { return compile_at(graph_, GetParam().precision); }
};

TEST_P(OneDnnRows, AreTheSameBitsInEveryBatch) {
  const Tensor images = images_for(graph_, 33);
  const auto plan = compile();
  const Result expected = run_in_batches(*plan, images, 1);
  for (const std::int64_t size : {2, 8, 10, 33}) {
    expect_same(run_in_batches(*plan, images, size), expected, "batches of " + std::to_string(size));
  }
}

// Unless a convolution is a matrix product, whose sums oneDNN cuts by thread: then to round-off.
TEST_P(OneDnnRows, AreTheSameForEveryNumberOfThreads) {
  const auto convolutions =
      engine::onednn::lower(graph_, {}, {.precision = GetParam().precision}).convolutions;
  const bool has_products =
      std::any_of(convolutions.begin(), convolutions.end(), [](const auto& convolution) {
        return (convolution.forward + convolution.backward).find("gemm") != std::string::npos;
      });
  const Tensor images = images_for(graph_, 3);
  set_compute_threads(1);
  const Result expected = run_in_batches(*compile(), images, 3);
  for (const int threads : {2, 3, 4}) {
    set_compute_threads(threads);
    const Result found = run_in_batches(*compile(), images, 3);
    if (!has_products) expect_same(found, expected, std::to_string(threads) + " threads");
    expect_close(found, expected);
  }
}

// Where a ReLU or a maximum stands on the edge, round-off turns it, and the gradient jumps: such networks
// agree as a rule, which depends on the images, smooth ones always.
TEST_P(OneDnnRows, AgreeWithTheReference) {
  const bool is_exact = GetParam().precision == engine::Precision::f32 || GetParam().make == smooth_vgg;
  const Tensor images = images_for(graph_, 2);
  const auto reference = engine::make_engine("reference")->compile(graph_, {});
  const Result expected = run_in_batches(*reference, images, 2);
  const Result found = run_in_batches(*compile(), images, 2);
  const double tolerance =
      GetParam().precision == engine::Precision::bf16 ? 16 * 0x1p-8 : test::round_off("onednn");
  EXPECT_LE(test::relative_l2(found.logits, expected.logits), tolerance);
  const double gradient_error =
      test::relative_l2(test::to_double(found.image_gradient), test::to_double(expected.image_gradient));
  EXPECT_LE(gradient_error, is_exact ? tolerance : 0.2);
}

TEST_P(OneDnnRows, ASecondCallMakesNothing) {
  const Tensor images = images_for(graph_, 8);
  const auto plan = compile();
  run_in_batches(*plan, images, 8);
  const engine::Counters first = plan->counters();
  EXPECT_GT(first.primitives_created, 0);
  run_in_batches(*plan, images, 8);
  EXPECT_EQ(plan->counters().primitives_created, first.primitives_created);
  EXPECT_EQ(plan->counters().buffer_allocations, first.buffer_allocations);
}

INSTANTIATE_TEST_SUITE_P(Networks, OneDnnRows,
                         ::testing::Values(Network{"vgg", small_vgg, engine::Precision::f32},
                                           Network{"vgg", small_vgg, engine::Precision::fast},
                                           Network{"vgg", small_vgg, engine::Precision::bf16},
                                           Network{"smooth vgg", smooth_vgg, engine::Precision::fast},
                                           Network{"smooth vgg", smooth_vgg, engine::Precision::bf16},
                                           Network{"squeezenet", small_squeezenet, engine::Precision::f32},
                                           Network{"squeezenet", small_squeezenet, engine::Precision::fast},
                                           Network{"squeezenet", small_squeezenet, engine::Precision::bf16}));

TEST(OneDnnCounters, NothingIsReorderedBetweenTheLayersOfVgg) {
  const auto plan = engine::make_engine("onednn")->compile(small_vgg(), {});
  const Tensor images = images_for(plan->graph(), 4);
  const auto pass = plan->forward(images);
  EXPECT_EQ(plan->counters().reorders, 0);
  const std::vector<net::NodeId> none;
  plan->backward(*pass, test::mixed_seeds(4, 10), none, [](const engine::Observation&) {});
  EXPECT_EQ(plan->counters().reorders, 0);
  Tensor gradient(images.shape());
  plan->backward(
      *pass, test::mixed_seeds(4, 10), none, [](const engine::Observation&) {}, gradient);
  EXPECT_EQ(plan->counters().reorders, 0);
}

// All cells of a window tie: the first wins, in blocked channels as in the reference.
TEST(OneDnnMaxPool, TiesGoToTheFirstInRowMajorOrder) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{20, 4, 4}}, {});
  const auto pool = graph.add("pool", net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {input});
  graph.set_output(graph.add("flat", net::Flatten{}, {pool}));
  const auto plan = engine::make_engine("onednn")->compile(graph, {});
  Tensor images(Shape{1, 20, 4, 4});
  for (float& value : images.values()) value = 0.25F;
  const auto pass = plan->forward(images);
  engine::Seeds seeds{DoubleTensor(Shape{1, 80})};
  for (double& value : seeds.logit_gradients.values()) value = 1;
  Tensor gradient(images.shape());
  plan->backward(
      *pass, seeds, {}, [](const engine::Observation&) {}, gradient);
  for (std::int64_t i = 0; i < gradient.elements(); ++i) {
    const bool is_first = i % 2 == 0 && i / 4 % 2 == 0;
    EXPECT_EQ(gradient[i], is_first ? 1.0F : 0.0F) << i;
  }
}

}  // namespace
}  // namespace faultline
