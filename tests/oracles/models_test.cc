#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

#include "engine/engine.h"
#include "formats/load_model.h"
#include "heatmap/score.h"
#include "heatmap/sweep.h"
#include "image/decode.h"
#include "oracles/stored.h"
#include "oracles/worst_errors.h"
#include "tensor/argmax.h"

namespace faultline::oracles {
namespace {

struct Case {
  std::string model;
  std::string engine;
  // Relative L2. The double-precision engine differs from float64 PyTorch by what the pixels and the
  // normalisation constants lose when stored as float, and is compared with samples stored as float.
  double tolerance;
};

void PrintTo(const Case& of, std::ostream* out) {
  *out << of.model << " on " << of.engine;
}

// The model on one of its stored images: everything that is stored, against what the engine makes of it.
class Comparison {
 public:
  Comparison(const Case& of, const StoredModel& stored)
      : tolerance_(of.tolerance), methods_(stored.methods), model_(formats::load_model(stored.model)) {
    for (const net::Layer& layer : model_.map.layers) layers_.push_back(layer.post_activation);
    plan_ = engine::make_engine(of.engine, {.precision = engine::Precision::f32})
                ->compile(model_.graph, {.observed = layers_});
  }

  void check(const StoredImage& image) {
    expect_same_layers(image);
    Tensor pixels = read_image(image.input).pixels;
    pixels.reshape(Shape{1, 3, pixels.shape()[1], pixels.shape()[2]});
    const auto pass = plan_->forward(pixels);
    EXPECT_EQ(argmax(pass->logits().row(0).values()), image.class_index);
    errors_.check("logits", image.name, relative_l2(pass->logits(), image.logits), tolerance_);
    check_sweep(*pass, image);
  }

  void print(const std::string& title) const { errors_.print(title); }

 private:
  void expect_same_layers(const StoredImage& image) const {
    ASSERT_EQ(model_.map.layers.size(), image.layers.size());
    for (std::size_t i = 0; i < image.layers.size(); ++i) {
      ASSERT_EQ(model_.map.layers[i].name, image.layers[i].name);
    }
  }

  void check_sweep(const engine::Pass& pass, const StoredImage& image) {
    std::vector<net::NodeId> points = layers_;
    points.push_back(model_.graph.input());
    std::size_t visited = 0;
    plan_->backward(pass, heatmap::class_score(pass.logits(), {.clean_class = image.class_index}), points,
                    [&](const engine::Observation& at) {
                      ++visited;
                      const auto layer = std::ranges::find(layers_, at.node());
                      if (layer == layers_.end()) {
                        check("image gradient", image.name, at.read_gradient(0), image.image_gradient);
                      } else {
                        check_layer(at, image, static_cast<std::size_t>(layer - layers_.begin()));
                      }
                    });
    EXPECT_EQ(visited, points.size());
  }

  void check_layer(const engine::Observation& at, const StoredImage& image, std::size_t index) {
    const StoredLayer& layer = image.layers[index];
    const std::string where = image.name + ", " + layer.name;
    check("activations", where, at.read(0), layer.activation);
    check("gradients", where, at.read_gradient(0), layer.gradient);
    for (std::size_t i = 0; i < methods_.size(); ++i) {
      check(methods_[i], where, heatmap::heatmap_method(methods_[i]).map(at), layer.heatmaps[i]);
    }
  }

  void check(const std::string& kind, const std::string& where, DoubleTensorView found,
             const StoredTensor& stored) {
    errors_.check(kind, where, std::max(sample_error(found, stored), moments_error(found, stored)),
                  tolerance_);
  }

  double tolerance_;
  std::vector<std::string> methods_;
  formats::Model model_;
  std::vector<net::NodeId> layers_;
  std::unique_ptr<engine::Plan> plan_;
  WorstErrors errors_;
};

class EmbeddedModels : public ::testing::TestWithParam<Case> {};

TEST_P(EmbeddedModels, GiveWhatPyTorchGives) {
  const StoredModel stored = stored_model(GetParam().model);
  ASSERT_EQ(stored.methods.size(), heatmap::standard_heatmap_methods().size());
  ASSERT_EQ(stored.images.size(), 2U);
  Comparison comparison(GetParam(), stored);
  for (const StoredImage& image : stored.images) comparison.check(image);
  comparison.print(GetParam().model + " on " + GetParam().engine + ", largest relative L2");
}

// "squeezenet1_0_onednn"
std::string name_of(const ::testing::TestParamInfo<Case>& of) {
  std::string name = of.param.model + '_' + of.param.engine;
  std::ranges::replace_if(
      name, [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Engines, EmbeddedModels,
                         ::testing::Values(Case{"vgg16-slim-imagenette", "onednn", 1e-5},
                                           Case{"squeezenet1.0", "onednn", 1e-5},
                                           Case{"vgg16-slim-imagenette", "reference", 5e-7},
                                           Case{"squeezenet1.0", "reference", 5e-7}),
                         name_of);

}  // namespace
}  // namespace faultline::oracles
