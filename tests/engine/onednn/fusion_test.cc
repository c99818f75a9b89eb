#include "engine/onednn/fusion.h"

#include <gtest/gtest.h>

#include "engine/close.h"
#include "engine/networks.h"
#include "engine/onednn/lowering.h"
#include "engine/run.h"

namespace faultline {
namespace {

using engine::CompileOptions;
using engine::onednn::find_conv_groups;

// conv (3 -> 20) -> batch normalisation -> relu -> mean -> logits; with `side`, the mean of the batch
// normalisation is added to that of the relu.
net::Graph conv_block(bool side) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 9, 8}}, {});
  const auto conv = test::add_conv(graph, "conv", input, Shape{20, 3, 3, 3}, {.pads = {1, 1, 1, 1}});
  const auto parameter = [&](const std::string& name, float offset) {
    Tensor value = test::random_tensor(Shape{20}, name);
    for (float& v : value.values()) v = offset == 0 ? v : offset + std::abs(v);
    return graph.add_constant(name, value);
  };
  const auto bn = graph.add("bn", net::BatchNormalization{},
                            {conv, parameter("scale", 0), parameter("shift", 0), parameter("mean", 0),
                             parameter("variance", 0.5F)});
  const auto relu = graph.add("relu", net::Relu{}, {bn});
  const auto sum = side ? graph.add("sum", net::Binary{net::Binary::Kind::add}, {relu, bn}) : relu;
  const auto mean = graph.add("global", net::GlobalAveragePool{}, {sum});
  graph.set_output(graph.add("flat", net::Flatten{}, {mean}));
  return graph;
}

// The names of the nodes that have a step.
std::vector<std::string> steps(const net::Graph& graph, const CompileOptions& options) {
  std::vector<std::string> names;
  const auto lowered = engine::onednn::lower(graph, options);
  for (const auto& step : lowered.program.steps) names.push_back(graph.node(step.node).name);
  return names;
}

using Names = std::vector<std::string>;

TEST(OneDnnFusion, AConvolutionTakesNormalisationAndActivationIn) {
  EXPECT_EQ(steps(conv_block(false), {}), (Names{"relu", "global", "flat"}));
}

TEST(OneDnnFusion, AnObservedNodeKeepsItsStep) {
  const net::Graph graph = conv_block(false);
  EXPECT_EQ(steps(graph, {.observed = {*graph.find("relu")}}), (Names{"relu", "global", "flat"}));
  EXPECT_EQ(steps(graph, {.observed = {*graph.find("bn")}}), (Names{"bn", "relu", "global", "flat"}));
  EXPECT_EQ(steps(graph, {.observed = {*graph.find("conv")}}),
            (Names{"conv", "bn", "relu", "global", "flat"}));
}

TEST(OneDnnFusion, AFreezablePlanFusesTheSame) {
  EXPECT_EQ(steps(conv_block(false), {.observed = {}, .freezable = true}), (Names{"relu", "global", "flat"}));
}

TEST(OneDnnFusion, AValueThatOthersReadKeepsItsStep) {
  EXPECT_EQ(steps(conv_block(true), {}), (Names{"bn", "relu", "sum", "global", "flat"}));
}

TEST(OneDnnFusion, TheOutputKeepsItsStep) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 4, 4}}, {});
  const auto conv = test::add_conv(graph, "conv", input, Shape{20, 3, 4, 4});
  graph.set_output(conv);
  graph.add("relu", net::Relu{}, {conv});
  ASSERT_EQ(find_conv_groups(graph, {}).size(), 1U);
  EXPECT_FALSE(find_conv_groups(graph, {})[0].relu);
}

TEST(OneDnnFusion, FusedAndSeparateStepsAgreeWithTheReference) {
  for (const bool side : {false, true}) {
    const net::Graph graph = conv_block(side);
    const Tensor images = test::random_tensor(Shape{3, 3, 9, 8}, "images");
    const auto reference = test::compile_all(graph, "reference");
    const auto expected = reference->forward(images);
    const auto seeds = test::mixed_seeds(3, 20);
    const auto gradients = test::sweep(*reference, *expected, seeds, {});
    for (const Names& names : {Names{}, Names{"relu"}, Names{"bn"}, Names{"conv"}}) {
      CompileOptions options;
      for (const std::string& name : names) options.observed.push_back(*graph.find(name));
      const auto plan = engine::make_engine("onednn")->compile(graph, options);
      const auto pass = plan->forward(images);
      EXPECT_LE(test::relative_l2(pass->logits(), expected->logits()), test::round_off("onednn"));
      const auto found = test::sweep(*plan, *pass, seeds, {});
      EXPECT_LE(test::relative_l2(test::to_double(found.image), test::to_double(gradients.image)),
                test::round_off("onednn"));
    }
  }
}

}  // namespace
}  // namespace faultline
