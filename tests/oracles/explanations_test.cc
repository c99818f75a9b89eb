// Heatmaps of the tiny network against scripts/oracles/explanations.py.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/engine.h"
#include "formats/load_model.h"
#include "heatmap/methods.h"
#include "heatmap/sweep.h"
#include "oracles/stored.h"
#include "oracles/worst_errors.h"
#include "tensor/argmax.h"
#include "tensor/npy.h"

namespace faultline::oracles {
namespace {

constexpr int kImages = 2;
constexpr int kClasses = 5;

Tensor first_images(const AttackCases& cases) {
  return Tensor(TensorView(cases.images).rows(0, kImages));
}

class TinyNetwork {
 public:
  explicit TinyNetwork(const std::string& engine)
      : cases_(attack_cases()),
        model_(formats::load_model(cases_.model)),
        images_(first_images(cases_)),
        engine_(engine::make_engine(engine, {.precision = engine::Precision::f32})) {
    for (const char* name : {"relu1", "relu2", "conv2"}) layers_.push_back(*model_.graph.find(name));
    std::vector<net::NodeId> observed = layers_;
    observed.push_back(heatmap::masked_input(model_.graph));
    plan_ = engine_->compile(model_.graph, {.observed = observed});
  }

  heatmap::ClassPair classes(int image) const {
    const int label = cases_.label[static_cast<std::size_t>(image)];
    return {.clean_class = label, .other_class = (label + 1) % kClasses};
  }
  TensorView image(int i) const { return TensorView(images_).rows(i, 1); }

  // The maps of the layers one after the other, as they are stored.
  std::vector<double> sweep(const std::string& method, const std::string& score, int i) {
    const auto pass = plan_->forward(image(i));
    const auto maps = heatmap::heatmaps_of_all_layers(
        *plan_, *pass, layers_, {&heatmap::heatmap_method(method), 1}, heatmap::score(score), classes(i));
    std::vector<double> all;
    for (const auto& layer : maps) all.insert(all.end(), layer[0].values().begin(), layer[0].values().end());
    return all;
  }

  std::vector<double> by_passes(const std::string& method, const std::string& score, int i,
                                const heatmap::MethodOptions& options) {
    const auto pass = plan_->forward(image(i));
    const auto methods = heatmap::changed_layer_methods();
    const auto& found = *std::ranges::find(methods, method, &heatmap::ChangedLayerMethod::name);
    std::vector<double> all;
    for (const net::NodeId layer : layers_) {
      const DoubleTensor map =
          found.map({*plan_, *pass, layer, heatmap::score(score), classes(i), 3}, options);
      all.insert(all.end(), map.values().begin(), map.values().end());
    }
    return all;
  }

  std::vector<double> attribution(const std::string& method, const std::string& score, int i,
                                  const heatmap::MethodOptions& options, std::uint64_t seed) {
    const auto methods = heatmap::input_methods();
    const auto& found = *std::ranges::find(methods, method, &heatmap::InputMethod::name);
    const auto plan = heatmap::compile_for(found, *engine_, model_.graph);
    const std::string key = std::to_string(i);
    const DoubleTensor values = found.attribute(*plan,
                                                {.image = image(i),
                                                 .key = key,
                                                 .score = heatmap::score(score),
                                                 .classes = classes(i),
                                                 .seed = seed,
                                                 .max_batch = 4},
                                                options);
    return {values.values().begin(), values.values().end()};
  }

 private:
  AttackCases cases_;
  formats::Model model_;
  Tensor images_;
  std::unique_ptr<engine::Engine> engine_;
  std::vector<net::NodeId> layers_ = {};
  std::unique_ptr<engine::Plan> plan_ = nullptr;
};

Shape batch_of_one(const formats::Model& model) {
  return model.graph.infer_shapes(1)[net::at(model.graph.input())];
}

DoubleTensor stored(const std::string& name) {
  return read_npy_double(attack_cases().model.parent_path().parent_path() / "explanations" / (name + ".npy"));
}

double error(const std::vector<double>& found, DoubleTensorView expected) {
  DoubleTensor values(Shape{std::ssize(found)});
  std::copy(found.begin(), found.end(), values.data());
  return relative_l2(values, expected);
}

struct SweepCase {
  const char* stored;
  const char* method;
  const char* score;
};

void expect_sweeps(const std::string& engine, double tolerance) {
  TinyNetwork network(engine);
  for (const SweepCase& of : {SweepCase{"xgradcam", "xgradcam", "class"},
                              {"xgradcam-margin", "xgradcam", "margin"},
                              {"noisecam", "noisecam", "class"},
                              {"noisecam-margin", "noisecam", "margin"},
                              {"noisecam-logit", "noisecam-logit", "class"},
                              {"noisecam-scale-free", "noisecam-scale-free", "class"},
                              {"eigencam", "eigencam", "class"},
                              {"eigengradcam", "eigengradcam", "class"},
                              {"eigengradcam-margin", "eigengradcam", "margin"}}) {
    const DoubleTensor expected = stored(of.stored);
    for (int i = 0; i < kImages; ++i)
      EXPECT_LT(error(network.sweep(of.method, of.score, i), expected.row(i)), tolerance) << of.stored;
  }
}

TEST(StoredExplanations, OfSweepsOnTheReferenceEngine) {
  expect_sweeps("reference", 1e-6);  // the image enters the network as float32, normalised
}

TEST(StoredExplanations, OfSweepsOnOneDnn) {
  expect_sweeps("onednn", 2e-5);
}

// What runs on from a layer for each of its channels, and nothing else.
TEST(ScoreCam, AtBlock4CostsItsResumedPasses) {
  const formats::Model model = formats::load_model(stored_model("vgg16-slim-imagenette").model);
  const net::NodeId layer = model.map.layer("block4_conv1").post_activation;
  const auto plan = engine::make_engine("onednn")->compile(model.graph, {.observed = {&layer, &layer + 1}});
  const auto pass = plan->forward(Tensor(batch_of_one(model)));
  std::int64_t after = 0;
  for (const engine::StepTime& step : plan->times()) after += step.node > layer ? step.multiply_adds : 0;
  const std::int64_t channels = pass->observe(layer).sample_shape()[0];
  const std::int64_t before = plan->counters().multiply_adds;
  heatmap::score_cam({*plan, *pass, layer, heatmap::score("class"), {}, 32});
  const std::int64_t cost = plan->counters().multiply_adds - before;
  EXPECT_GT(after, 0);
  EXPECT_EQ(cost, channels * after);
  EXPECT_LT(3 * cost, 2 * channels * before);  // much less than whole passes
}

struct ExplanationCase {
  const char* stored;
  const char* method;
  const char* score;
  heatmap::MethodOptions options = {};
  std::uint64_t seed = 0;
};

void expect_passes(const std::string& engine, double tolerance) {
  TinyNetwork network(engine);
  const std::vector<ExplanationCase> cases = {
      {"scorecam", "scorecam", "class"},
      {"scorecam-input-probability", "scorecam", "probability", {.masked = heatmap::Masked::input}},
      {"ablationcam", "ablationcam", "class"},
      {"ablationcam-margin", "ablationcam", "margin"}};
  for (const ExplanationCase& of : cases) {
    const DoubleTensor expected = stored(of.stored);
    for (int i = 0; i < kImages; ++i)
      EXPECT_LT(error(network.by_passes(of.method, of.score, i, of.options), expected.row(i)), tolerance)
          << of.stored;
  }
}

TEST(StoredExplanations, ByPassesOnTheReferenceEngine) {
  expect_passes("reference", 1e-6);
}

TEST(StoredExplanations, ByPassesOnOneDnn) {
  expect_passes("onednn", 2e-5);
}

void expect_attributions(const std::string& engine, double tolerance) {
  TinyNetwork network(engine);
  const std::vector<ExplanationCase> cases = {
      {"gradient", "gradient", "class"},
      {"gradient-probability", "gradient", "probability"},
      {"input-x-gradient", "input-x-gradient", "class"},
      {"integrated-gradients", "integrated-gradients", "class"},
      {"integrated-gradients-7-steps",
       "integrated-gradients",
       "margin",
       {.integrated_gradients = {.steps = 7, .baseline = 0.25}}},
      {"smoothgrad", "smoothgrad", "class"},
      {"smoothgrad-3-samples", "smoothgrad", "margin", {.smoothgrad = {.samples = 3, .sigma = 0.0625}}, 5},
      {"guided-backprop", "guided-backprop", "class"},
      {"guided-backprop-margin", "guided-backprop", "margin"},
      {"lrp-epsilon", "lrp-epsilon", "class"},
      {"lrp-epsilon-large", "lrp-epsilon", "margin", {.lrp = {.epsilon = 0.05}}},
      {"lrp-gamma", "lrp-gamma", "class"},
      {"lrp-gamma-large", "lrp-gamma", "class", {.lrp = {.epsilon = 0.01, .gamma = 1.5}}},
      {"fullgrad", "fullgrad", "class"},
      {"fullgrad-margin", "fullgrad", "margin"}};
  for (const ExplanationCase& of : cases) {
    const DoubleTensor expected = stored(of.stored);
    for (int i = 0; i < kImages; ++i)
      EXPECT_LT(error(network.attribution(of.method, of.score, i, of.options, of.seed), expected.row(i)),
                tolerance)
          << of.stored << ", image " << i;
  }
}

TEST(StoredExplanations, AtTheInputOnTheReferenceEngine) {
  expect_attributions("reference", 1e-6);
}

TEST(StoredExplanations, AtTheInputOnOneDnn) {
  expect_attributions("onednn", 5e-5);
}

}  // namespace
}  // namespace faultline::oracles
