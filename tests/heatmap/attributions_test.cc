// Attributions at the input: identities that hold without data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "engine/close.h"
#include "engine/networks.h"
#include "expect_error.h"
#include "heatmap/full_gradient.h"
#include "heatmap/gradient.h"
#include "heatmap/guided_backprop.h"
#include "heatmap/methods.h"
#include "heatmap/positive_branches.h"
#include "heatmap/rectified.h"

namespace faultline::heatmap {
namespace {

struct NetworkOptions {
  bool biases = true;
  std::array<float, 3> mean = {0.5F, 0.25F, 0.75F};
};

net::NodeId conv(net::Graph& graph, const std::string& name, net::NodeId input, const Shape& weights,
                 bool bias) {
  const net::Conv op{.pads = {1, 1, 1, 1}};
  if (bias) return test::add_conv(graph, name, input, weights, op);
  return graph.add(name, op,
                   {input, graph.add_constant(name + ".weight", test::random_tensor(weights, name))});
}

// images [N,3,6,8] -> normalised -> conv1 - relu1 - pool -+- conv2 - (+) - relu2 - mean and all positions -
// fc
//                                                         +-----------+
net::Graph network(const NetworkOptions& options = {}) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 6, 8}}, {});
  const auto conv1 = conv(graph, "conv1", input, Shape{4, 3, 3, 3}, options.biases);
  const auto relu1 = graph.add("relu1", net::Relu{}, {conv1});
  const auto pool = graph.add("pool", net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {relu1});
  const auto conv2 = conv(graph, "conv2", pool, Shape{4, 4, 3, 3}, options.biases);
  const auto sum = graph.add("sum", net::Binary{net::Binary::Kind::add}, {conv2, pool});
  const auto relu2 = graph.add("relu2", net::Relu{}, {sum});
  const auto flat = graph.add("flat", net::Flatten{}, {relu2});
  const auto weights = graph.add_constant("w", test::random_tensor(Shape{48, 5}, "fc"));
  graph.set_output(graph.add("fc", net::MatMul{}, {flat, weights}));
  return net::with_preprocessing(graph, {.mean = options.mean, .std = {0.25F, 0.5F, 0.125F}});
}

Tensor image(const std::string& name = "image") {
  Tensor picture = test::random_tensor(Shape{1, 3, 6, 8}, name);
  for (float& value : picture.values()) value = 0.5F + 0.2F * value;
  return picture;
}

const InputMethod& method(std::string_view name) {
  return *std::ranges::find(input_methods(), name, &InputMethod::name);
}

// One method's attribution of the image of class 1.
struct Explained {
  Tensor picture = image();
  MethodOptions options = {};
  std::string key = "key";
  std::uint64_t seed = 0;
  int max_batch = 16;
  Score score = heatmap::score("class");

  DoubleTensor by(std::string_view name, const net::Graph& graph,
                  const std::string& engine = "reference") const {
    const auto made = engine::make_engine(engine, {.precision = engine::Precision::f32});
    const auto plan = compile_for(method(name), *made, graph);
    return method(name).attribute(*plan,
                                  {.image = picture,
                                   .key = key,
                                   .score = score,
                                   .classes = {.clean_class = 1, .other_class = 3},
                                   .seed = seed,
                                   .max_batch = max_batch},
                                  options);
  }
};

double sum(const DoubleTensor& values) {
  return std::accumulate(values.values().begin(), values.values().end(), 0.0);
}

double logit(const net::Graph& graph, const Tensor& picture) {
  return test::compile_all(graph, "reference")->forward(picture)->logits()[1];
}

TEST(IntegratedGradients, ApproachCompletenessAsStepsGrow) {
  const net::Graph graph = network();
  Tensor black(Shape{1, 3, 6, 8});
  const double change = logit(graph, image()) - logit(graph, black);
  double last = INFINITY;
  for (const int steps : {8, 128, 2048}) {
    const Explained explained{.options = {.integrated_gradients = {.steps = steps}}};
    const double error = std::abs(sum(explained.by("integrated-gradients", graph)) - change);
    EXPECT_LT(error, last) << steps;
    last = error;
  }
  EXPECT_LT(last, 2e-3 * std::abs(change));  // 2048 steps
}

TEST(IntegratedGradients, ToTheImageItselfAreZero) {
  Explained explained{.options = {.integrated_gradients = {.steps = 3, .baseline = 0.5}}};
  for (float& value : explained.picture.values()) value = 0.5F;
  EXPECT_TRUE(is_blank(explained.by("integrated-gradients", network())));
}

TEST(IntegratedGradients, AndSmoothgradDoNotDependOnBatches) {
  for (const std::string_view name : {"integrated-gradients", "smoothgrad"}) {
    Explained explained{.options = {.integrated_gradients = {.steps = 7}, .smoothgrad = {.samples = 7}}};
    const DoubleTensor whole = explained.by(name, network());
    for (const int batch : {1, 3}) {
      explained.max_batch = batch;
      EXPECT_THAT(explained.by(name, network()).values(), ::testing::ElementsAreArray(whole.values()));
    }
  }
}

TEST(Smoothgrad, WithoutNoiseIsTheGradient) {
  const Explained explained{.options = {.smoothgrad = {.samples = 4, .sigma = 0}}};
  const DoubleTensor plain = explained.by("gradient", network());
  EXPECT_LE(test::relative_l2(explained.by("smoothgrad", network()), plain), 1e-15);
}

TEST(Smoothgrad, DrawsByKeyAndSeed) {
  Explained explained{.options = {.smoothgrad = {.samples = 2}}};
  const DoubleTensor first = explained.by("smoothgrad", network());
  explained.key = "another";
  EXPECT_THAT(explained.by("smoothgrad", network()).values(),
              ::testing::Not(::testing::ElementsAreArray(first.values())));
  explained.key = "key";
  explained.seed = 1;
  EXPECT_THAT(explained.by("smoothgrad", network()).values(),
              ::testing::Not(::testing::ElementsAreArray(first.values())));
}

// Upper bounds of what a ReLU network without negative gradients hands on are never cut.
TEST(GuidedBackprop, IsTheGradientWhereGradientsAreNotNegative) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 6, 8}}, {});
  const auto layer = test::add_conv(graph, "conv", input, Shape{4, 3, 3, 3}, {});
  const auto relu = graph.add("relu", net::Relu{}, {layer});
  const auto flat = graph.add("flat", net::Flatten{}, {relu});
  Tensor weights = test::random_tensor(Shape{96, 5}, "fc");
  for (float& weight : weights.values()) weight = std::abs(weight);
  graph.set_output(graph.add("fc", net::MatMul{}, {flat, graph.add_constant("w", weights)}));
  const Explained explained;
  EXPECT_THAT(explained.by("guided-backprop", graph).values(),
              ::testing::ElementsAreArray(explained.by("gradient", graph).values()));
  EXPECT_THAT(explained.by("guided-backprop", network()).values(),
              ::testing::Not(::testing::ElementsAreArray(explained.by("gradient", network()).values())));
}

TEST(Lrp, WithoutEpsilonIsInputTimesGradientWithoutBiases) {
  const net::Graph graph = network({.biases = false, .mean = {0, 0, 0}});
  const Explained explained{.options = {.lrp = {.epsilon = 0}}};
  EXPECT_LE(test::relative_l2(explained.by("lrp-epsilon", graph), explained.by("input-x-gradient", graph)),
            1e-12);
  const Explained coarse{.options = {.lrp = {.epsilon = 0.5}}};
  EXPECT_GT(test::relative_l2(coarse.by("lrp-epsilon", graph), coarse.by("input-x-gradient", graph)), 1e-3);
}

TEST(Lrp, IsConservedWithoutBiases) {
  const net::Graph graph = network({.biases = false});
  const double score = logit(graph, image());
  for (const double gamma : {0.0, 0.25, 2.0}) {
    const Explained explained{.options = {.lrp = {.epsilon = 0, .gamma = gamma}}};
    EXPECT_NEAR(sum(explained.by("lrp-epsilon", graph)), score, 1e-10 * std::abs(score));
    EXPECT_NEAR(sum(explained.by("lrp-gamma", graph)), score, 1e-10 * std::abs(score)) << gamma;
  }
}

TEST(Lrp, OfGammaZeroIsTheEpsilonRule) {
  const Explained explained{.options = {.lrp = {.epsilon = 0.125, .gamma = 0}}};
  const net::Graph graph = network();
  EXPECT_LE(test::relative_l2(explained.by("lrp-gamma", graph), explained.by("lrp-epsilon", graph)), 1e-13);
  const Explained favoured{.options = {.lrp = {.epsilon = 0.125, .gamma = 0.25}}};
  EXPECT_GT(test::relative_l2(favoured.by("lrp-gamma", graph), favoured.by("lrp-epsilon", graph)), 1e-3);
}

TEST(PositiveBranches, ChangeNoLogitAndStandBesideConvolutionsOfNonNegativeValues) {
  const net::Graph graph = network();
  const net::Graph branched = with_positive_branches(graph);
  const auto branches = positive_branches(branched);
  ASSERT_EQ(branches.size(), 1U);  // conv2; conv1 reads the image
  EXPECT_EQ(branched.node(branches[0].positive).name, "conv2/positive");
  EXPECT_EQ(branched.node(branches[0].sum).name, "conv2/sum");
  EXPECT_TRUE(positive_branches(graph).empty());
  for (const std::string engine : {"reference", "onednn"}) {
    EXPECT_LE(test::relative_l2(test::compile_all(branched, engine)->forward(image())->logits(),
                                test::compile_all(graph, engine)->forward(image())->logits()),
              engine == "reference" ? 0 : 1e-6);
  }
}

// With a normalisation whose mean is not zero, batch normalisation and constants that are added.
TEST(FullGradient, IsComplete) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 6, 8}}, {});
  const auto conv1 = test::add_conv(graph, "conv1", input, Shape{4, 3, 3, 3}, {.pads = {1, 1, 1, 1}});
  const auto c = [&](const std::string& name) {
    return graph.add_constant(name, test::random_tensor(Shape{4}, name));
  };
  const auto variance = graph.add_constant("variance", Tensor(Shape{4}, {1, 0.5F, 2, 0.25F}));
  const auto normal =
      graph.add("bn", net::BatchNormalization{}, {conv1, c("scale"), c("bias"), c("mean"), variance});
  const auto relu = graph.add("relu", net::Relu{}, {normal});
  const auto shift = graph.add_constant("shift", Tensor(Shape{1, 1, 1}, {0.75F}));
  const auto shifted = graph.add("shifted", net::Binary{net::Binary::Kind::sub}, {relu, shift});
  const auto leaky = graph.add("leaky", net::LeakyRelu{}, {shifted});
  const auto pool = graph.add("pool", net::AveragePool{.kernel = {2, 2}, .strides = {2, 2}}, {leaky});
  const auto flat = graph.add("flat", net::Flatten{}, {pool});
  graph.set_output(test::add_dense(graph, "fc", flat, 48, 5));
  const net::Graph whole =
      net::with_preprocessing(graph, {.mean = {0.5F, 0.25F, 0.75F}, .std = {0.25F, 1, 2}});
  EXPECT_EQ(bias_nodes(whole).size(), 5U);  // normalisation, conv1, bn, shifted, fc
  for (const std::string engine : {"reference", "onednn"}) {
    const auto plan = engine::make_engine(engine, {.precision = engine::Precision::f32})
                          ->compile(whole, {.observed = bias_nodes(whole)});
    const Tensor picture = image();
    const FullGradient found =
        full_gradient(*plan, {.image = picture, .classes = {.clean_class = 1, .other_class = 0}});
    ASSERT_EQ(found.biases.size(), 5U);
    EXPECT_NEAR(found.total(), found.score, (engine == "reference" ? 1e-12 : 1e-4) * std::abs(found.score));
    EXPECT_GT(std::abs(sum(found.input) - found.score), 0.01);  // the biases matter
  }
}

TEST(InputMethods, AgreeOnBothEngines) {
  const net::Graph graph = network();
  for (const InputMethod& each : input_methods()) {
    const Explained explained{
        .options = {.integrated_gradients = {.steps = 5}, .smoothgrad = {.samples = 3}}};
    const DoubleTensor reference = explained.by(each.name, graph);
    EXPECT_FALSE(is_blank(reference)) << each.name;
    EXPECT_LE(test::relative_l2(explained.by(each.name, graph, "onednn"), reference), 1e-4) << each.name;
  }
}

// Branches, Sigmoid, Concat: not what LRP or FullGrad are complete on, but defined.
TEST(InputMethods, RunOnNetworksWithBranches) {
  const net::Graph graph = test::branched_network();
  for (const InputMethod& each : input_methods()) {
    const Explained explained{.picture = test::random_tensor(Shape{1, 3, 9, 7}, "image")};
    const DoubleTensor reference = explained.by(each.name, graph);
    EXPECT_LE(test::relative_l2(explained.by(each.name, graph, "onednn"), reference), 1e-4) << each.name;
    EXPECT_EQ(channel_total(reference).shape(), (Shape{9, 7}));
  }
}

TEST(InputMethods, OfAnOwnScoreExplainThePrediction) {
  const net::Graph graph = network();
  const auto logits = test::compile_all(graph, "reference")->forward(image())->logits();
  const auto predicted = std::ranges::max_element(logits.values()) - logits.values().begin();
  const Explained own{.score = score("own")};
  const auto plan = compile_for(method("gradient"), *engine::make_engine("reference"), graph);
  for (const std::string_view name : {"gradient", "integrated-gradients", "smoothgrad"}) {
    const Tensor picture = image();
    const DoubleTensor expected =
        method(name).attribute(*plan,
                               {.image = picture,
                                .key = "key",
                                .classes = {.clean_class = static_cast<int>(predicted), .other_class = 0}},
                               {});
    EXPECT_THAT(own.by(name, graph).values(), ::testing::ElementsAreArray(expected.values())) << name;
  }
}

TEST(AllMethods, HaveTheDefaultsOfTheirFunctions) {
  for (const MethodSummary& each : all_methods()) {
    const MethodOptions options = method_options(method_settings(each.name));
    const MethodOptions expected;
    EXPECT_EQ(options.masked, expected.masked);
    EXPECT_EQ(options.integrated_gradients.steps, expected.integrated_gradients.steps);
    EXPECT_EQ(options.integrated_gradients.baseline, expected.integrated_gradients.baseline);
    EXPECT_EQ(options.smoothgrad.samples, expected.smoothgrad.samples);
    EXPECT_EQ(options.smoothgrad.sigma, expected.smoothgrad.sigma);
    EXPECT_EQ(options.lrp.epsilon, expected.lrp.epsilon);
    EXPECT_EQ(options.lrp.gamma, expected.lrp.gamma);
  }
}

TEST(AllMethods, TakeTheirParameters) {
  EXPECT_EQ(method_options(method_settings("scorecam").set("masked", "input")).masked, Masked::input);
  Settings path = method_settings("integrated-gradients");
  const auto of_path = method_options(path.set("steps", "7").set("baseline", "0.25")).integrated_gradients;
  EXPECT_EQ(of_path.steps, 7);
  EXPECT_EQ(of_path.baseline, 0.25);
  Settings noise = method_settings("smoothgrad");
  const auto of_noise = method_options(noise.set("samples", "3").set("sigma", "1/4")).smoothgrad;
  EXPECT_EQ(of_noise.samples, 3);
  EXPECT_EQ(of_noise.sigma, 0.25);
  Settings lrp = method_settings("lrp-gamma");
  const auto of_lrp = method_options(lrp.set("gamma", "2").set("epsilon", "0.5")).lrp;
  EXPECT_EQ(of_lrp.gamma, 2);
  EXPECT_EQ(of_lrp.epsilon, 0.5);
  EXPECT_THROW(method_settings("gradcam").set("steps", "3"), Error);
  EXPECT_THROW(method_settings("lrp-epsilon").set("epsilon", "-1"), Error);
}

TEST(AllMethods, HaveDifferentNames) {
  std::vector<std::string_view> names;
  for (const MethodSummary& each : all_methods()) {
    EXPECT_EQ(std::ranges::count(names, each.name), 0) << each.name;
    EXPECT_FALSE(each.cost.empty());
    names.push_back(each.name);
  }
  EXPECT_EQ(names.size(), heatmap_methods().size() + changed_layer_methods().size() + input_methods().size());
  EXPECT_EQ(method_summary("fullgrad").place, Place::input);
  EXPECT_THROW(method_summary("scam"), Error);
  EXPECT_EQ(sweep_method("eigencam").name, "eigencam");
  test::expect_error(
      [] { sweep_method("scorecam"); }, ErrorKind::usage,
      "heatmap method 'scorecam' takes passes of its own; expected one that is made in the common "
      "backward sweep: layercam, hirescam, gradcam, gradcam++, xgradcam, noisecam, noisecam-logit, "
      "noisecam-scale-free, eigencam, eigengradcam");
  EXPECT_THROW(sweep_method("scam"), Error);
}

}  // namespace
}  // namespace faultline::heatmap
