#include "study/faithfulness.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "base/philox.h"
#include "heatmap/upsample.h"
#include "study/explainer.h"
#include "study/prediction_questions.h"

namespace faultline::study {

namespace {

using MakeMap = std::function<DoubleTensor(const heatmap::Question& question)>;

DoubleTensor random_map(const heatmap::Question& question, std::string_view name, const Shape& shape) {
  const std::string stream_name = std::string(question.key) + "/faithfulness=" + std::string(name);
  const RandomStream stream(question.seed, stream_name);
  DoubleTensor map = DoubleTensor::uninitialised(shape);
  for (std::int64_t i = 0; i < map.elements(); ++i) map[i] = stream.uniform(static_cast<std::uint64_t>(i));
  return map;
}

// The map [h,w] at the image's size [H,W], divided by its largest magnitude so that float32 holds it; none if
// it orders no pixels.
std::optional<Tensor> laid_out(DoubleTensor map, const Shape& image) {
  const auto finite = [](double value) { return std::isfinite(value); };
  if (!std::ranges::all_of(map.values(), finite)) return std::nullopt;
  const double least = std::ranges::min(map.values());
  const double largest = std::ranges::max(map.values());
  if (least == largest) return std::nullopt;
  const double scale = std::max(std::abs(least), std::abs(largest));
  for (double& value : map.values()) value /= scale;
  const DoubleTensor wide = heatmap::upsample(map, image[0], image[1]);
  Tensor relevance = Tensor::uninitialised(image);
  for (std::int64_t i = 0; i < relevance.elements(); ++i) relevance[i] = static_cast<float>(wide[i]);
  return relevance;
}

// A measure, ready for use.
struct ReadyMeasure {
  const compare::FaithfulnessMeasure* measure;
  compare::MeasureOptions options;
};

std::vector<ReadyMeasure> ready(const std::vector<Settings>& measures) {
  std::vector<ReadyMeasure> all;
  for (const Settings& each : measures)
    all.push_back({&compare::faithfulness_measure(each.name()), compare::measure_options(each)});
  return all;
}

// One row of the table after the other.
class FaithfulnessCheck {
 public:
  FaithfulnessCheck(const formats::Model& model, const std::vector<InputImage>& images,
                    const engine::Engine& engine, const FaithfulnessOptions& options, std::int64_t rows,
                    const RunControl& control)
      : images_(images),
        control_(control),
        measures_(ready(options.measures)),
        asked_(prediction_questions(model, images, engine, options.seed)),
        plan_(engine.compile(model.graph, {})),
        units_(std::ssize(images) * rows) {}

  MethodFaithfulness row(const std::string& method, const MakeMap& make) {
    MethodFaithfulness result{.method = method, .values = {}};
    result.values.resize(measures_.size());
    for (std::size_t i = 0; i < images_.size(); ++i) {
      control_.checkpoint();
      control_.report({done_++, units_, method + " on " + images_[i].file.filename().string()});
      const heatmap::Question& question = asked_.questions[i];
      const Tensor& image = images_[i].pixels;
      const std::optional<Tensor> relevance = laid_out(make(question), image.shape().without_leading());
      for (std::size_t m = 0; m < measures_.size(); ++m) {
        control_.checkpoint();
        auto& value = result.values[m].emplace_back();
        if (!relevance) continue;
        value = measures_[m].measure->measure({.plan = *plan_,
                                               .image = image,
                                               .relevance = *relevance,
                                               .class_index = question.classes.clean_class,
                                               .seed = question.seed,
                                               .key = std::string(question.key) + "/" + method},
                                              measures_[m].options);
      }
    }
    return result;
  }

  std::vector<int> classes() const {
    std::vector<int> classes;
    for (const heatmap::Question& each : asked_.questions) classes.push_back(each.classes.clean_class);
    return classes;
  }
  void finish() const { control_.report({units_, units_, ""}); }

 private:
  const std::vector<InputImage>& images_;
  const RunControl& control_;
  std::vector<ReadyMeasure> measures_;
  PredictionQuestions asked_;
  std::unique_ptr<engine::Plan> plan_;
  std::int64_t units_;
  std::int64_t done_ = 0;
};

bool is_of_layers(const Settings& method) {
  return heatmap::method_summary(method.name()).place == heatmap::Place::layer;
}

}  // namespace

compare::Measured MethodFaithfulness::mean(std::size_t measure) const {
  return compare::mean_of(values[measure]);
}

std::int64_t MethodFaithfulness::images(std::size_t measure) const {
  return std::ranges::count_if(values[measure], [](const auto& value) { return value.has_value(); });
}

Faithfulness check_faithfulness(const formats::Model& model, const std::vector<InputImage>& images,
                                const engine::Engine& engine, const FaithfulnessOptions& options,
                                const RunControl& control) {
  model.require_logits("faithfulness");
  require(!images.empty(), "check_faithfulness: no images");
  Faithfulness result;
  std::vector<net::NodeId> layers;
  if (!options.layer.empty() || std::ranges::any_of(options.methods, is_of_layers)) {
    const net::Layer& layer = layer_or_last(model, options.layer);
    result.layer = layer.name;
    layers = {layer.post_activation};
  }
  const std::int64_t rows = std::ssize(options.methods) + (layers.empty() ? 1 : 2);
  FaithfulnessCheck check(model, images, engine, options, rows, control);
  result.classes = check.classes();
  for (const Settings& method : options.methods) {
    const Explainer explainer(model.graph, engine, method.name(), layers, heatmap::method_options(method));
    result.methods.push_back(check.row(method.name(), [&](const heatmap::Question& question) {
      return std::move(explainer.maps(question).front());
    }));
  }
  const auto add_random = [&](std::string_view name, const Shape& shape) {
    result.methods.push_back(check.row(std::string(name), [&](const heatmap::Question& question) {
      return random_map(question, name, shape);
    }));
  };
  add_random(kRandomMap, images.front().pixels.shape().without_leading());
  if (!layers.empty()) {
    const Shape shape = model.graph.infer_shapes(1)[net::at(layers.front())];
    add_random(kCoarseRandomMap, {shape[2], shape[3]});
  }
  check.finish();
  return result;
}

}  // namespace faultline::study
