#include "study/accuracy.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "attack/catalogue.h"
#include "heatmap/catalogue.h"
#include "heatmap/score.h"
#include "study/tensor_errors.h"
#include "tensor/argmax.h"

namespace faultline::study {

namespace {

// All that is compared of one picture; layers in the order of the network.
struct Responses {
  struct Layer {
    DoubleTensor activation;  // [C,h,w]
    DoubleTensor gradient;
    std::vector<DoubleTensor> maps;  // by method, [1,h,w]
  };
  DoubleTensor logits;  // [1,K]
  int predicted = 0;
  std::vector<Layer> layers = {};
};

class Measurement {
 public:
  Measurement(const formats::Model& model, std::span<const InputImage> pictures,
              const AccuracyOptions& options, const RunControl& control)
      : model_(model), pictures_(pictures), options_(options), control_(control) {
    model.require_logits("accuracy");
    require(!pictures.empty(), "measure_accuracy: no pictures");
    for (const net::Layer& layer : model.map.layers) layers_.push_back(layer.post_activation);
    reference_ = engine::make_engine("reference")->compile(model.graph, {.observed = layers_});
    for (const auto& method : heatmap::standard_heatmap_methods()) result_.methods.emplace_back(method.name);
    for (const engine::Precision precision : options.precisions) {
      const auto engine = engine::make_engine("onednn", {.precision = precision});
      plans_.push_back(engine->compile(model.graph, {.observed = layers_}));
      result_.precisions.push_back(empty(precision));
    }
    total_ = static_cast<std::int64_t>(pictures.size() * (1 + plans_.size()));
  }

  Accuracy run() {
    for (const InputImage& picture : pictures_) {
      begin(picture, "comparing ");
      compare(picture);
    }
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      for (std::size_t p = 0; p < pictures_.size(); ++p) {
        begin(pictures_[p], "attacking ");
        attack(i, p);
      }
    }
    control_.report({total_, total_, "pictures"});
    return std::move(result_);
  }

 private:
  PrecisionAccuracy empty(engine::Precision precision) const {
    PrecisionAccuracy accuracy{.precision = precision};
    for (const net::Layer& layer : model_.map.layers) {
      accuracy.layers.push_back({.name = layer.name});
      accuracy.layers.back().heatmaps.resize(result_.methods.size());
    }
    return accuracy;
  }

  void begin(const InputImage& picture, const std::string& what) {
    control_.checkpoint();
    control_.report({done_++, total_, what + picture.file.filename().string()});
  }

  // One pass and one sweep for class `of`, or for the predicted one.
  Responses respond(engine::Plan& plan, const Tensor& image, std::optional<int> of) const {
    const auto pass = plan.forward(image);
    Responses responses{.logits = pass->logits(), .predicted = argmax(pass->logits().row(0).values())};
    responses.layers.resize(layers_.size());
    const auto seeds =
        heatmap::class_score(pass->logits(), {.clean_class = of.value_or(responses.predicted)});
    plan.backward(*pass, seeds, layers_, [&](const engine::Observation& at) {
      const auto index = std::find(layers_.begin(), layers_.end(), at.node()) - layers_.begin();
      Responses::Layer& layer = responses.layers[static_cast<std::size_t>(index)];
      layer.activation = at.read(0);
      layer.gradient = at.read_gradient(0);
      for (const auto& method : heatmap::standard_heatmap_methods()) layer.maps.push_back(method.map(at));
    });
    return responses;
  }

  void compare(const InputImage& picture) {
    const Tensor image = stack(std::span(&picture.pixels, 1));
    const Responses exact = respond(*reference_, image, std::nullopt);
    result_.classes.push_back(exact.predicted);
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      const Responses found = respond(*plans_[i], image, exact.predicted);
      PrecisionAccuracy& accuracy = result_.precisions[i];
      accuracy.logits.values.push_back(relative_l2(found.logits, exact.logits));
      accuracy.classes.push_back(found.predicted);
      for (std::size_t l = 0; l < layers_.size(); ++l) {
        add(accuracy.layers[l], found.layers[l], exact.layers[l]);
      }
    }
  }

  static void add(LayerAccuracy& to, const Responses::Layer& found, const Responses::Layer& exact) {
    to.activation.values.push_back(relative_l2(found.activation, exact.activation));
    to.gradient.values.push_back(relative_l2(found.gradient, exact.gradient));
    for (std::size_t m = 0; m < exact.maps.size(); ++m) {
      to.heatmaps[m].values.push_back(cosine_loss(found.maps[m], exact.maps[m]));
    }
  }

  void attack(std::size_t precision, std::size_t picture) {
    const Tensor image = stack(std::span(&pictures_[picture].pixels, 1));
    const int label = result_.classes[picture];
    const auto attacked = pgd_->run(*plans_[precision],
                                    {.images = image,
                                     .labels = std::span(&label, 1),
                                     .keys = std::span(&pictures_[picture].sha256, 1),
                                     .seed = options_.seed},
                                    control_.without_progress());
    AttackAgreement& agreement = result_.precisions[precision].attack;
    agreement.success.push_back(attacked[0].adversarial.success);
    const auto pass = reference_->forward(stack(std::span(&attacked[0].image, 1)));
    agreement.reference_success.push_back(argmax(pass->logits().row(0).values()) != label);
  }

  const formats::Model& model_;
  std::span<const InputImage> pictures_;
  const AccuracyOptions& options_;
  const RunControl& control_;
  std::vector<net::NodeId> layers_;
  std::unique_ptr<engine::Plan> reference_;
  std::vector<std::unique_ptr<engine::Plan>> plans_;
  std::unique_ptr<attack::Attack> pgd_ = attack::make_attack(options_.attack);
  Accuracy result_;
  std::int64_t done_ = 0;
  std::int64_t total_ = 0;
};

}  // namespace

double Errors::median() const {
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

std::size_t Errors::worst_picture() const {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

double Errors::worst() const {
  return values[worst_picture()];
}

std::size_t Accuracy::changed_classes(const PrecisionAccuracy& at) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) count += classes[i] == at.classes[i] ? 0U : 1U;
  return count;
}

std::size_t agreeing_attacks(const AttackAgreement& a, const AttackAgreement& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.success.size(); ++i) count += a.success[i] == b.success[i] ? 1U : 0U;
  return count;
}

Accuracy measure_accuracy(const formats::Model& model, std::span<const InputImage> pictures,
                          const AccuracyOptions& options, const RunControl& control) {
  return Measurement(model, pictures, options, control).run();
}

}  // namespace faultline::study
