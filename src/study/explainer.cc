#include "study/explainer.h"

#include <algorithm>

#include "heatmap/sweep.h"

namespace faultline::study {

namespace {

template <class Method>
const Method* find_method(std::span<const Method> methods, std::string_view name) {
  const auto found = std::ranges::find(methods, name, &Method::name);
  return found == methods.end() ? nullptr : &*found;
}

}  // namespace

Explainer::Explainer(const net::Graph& graph, const engine::Engine& engine, std::string_view method,
                     std::vector<net::NodeId> layers, const heatmap::MethodOptions& options)
    : layers_(std::move(layers)),
      options_(options),
      sweep_(find_method(heatmap::heatmap_methods(), method)),
      changed_layer_(find_method(heatmap::changed_layer_methods(), method)),
      input_(find_method(heatmap::input_methods(), method)) {
  heatmap::method_summary(method);  // throws for a name that is none
  if (input_ != nullptr) {
    plan_ = heatmap::compile_for(*input_, engine, graph);
    return;
  }
  std::vector<net::NodeId> observed = layers_;
  if (changed_layer_ != nullptr) observed.push_back(heatmap::masked_input(graph));
  plan_ = engine.compile(graph, {.observed = observed});
}

std::vector<DoubleTensor> Explainer::maps(const heatmap::Question& question) const {
  return maps(question.image, [&](const DoubleTensor& /*logits*/) { return question; });
}

std::vector<DoubleTensor> Explainer::maps(TensorView image, const Ask& ask) const {
  const auto pass = plan_->forward(image);
  const heatmap::Question question = ask(pass->logits());
  if (input_ != nullptr) {
    std::vector<DoubleTensor> map;
    map.push_back(heatmap::channel_total(input_->attribute(*plan_, question, options_)));
    return map;
  }
  return maps_of_layers(*pass, question);
}

std::vector<DoubleTensor> Explainer::maps_of_layers(const engine::Pass& pass,
                                                    const heatmap::Question& question) const {
  std::vector<DoubleTensor> maps;
  if (sweep_ != nullptr) {
    for (const auto& of_layer : heatmap::heatmaps_of_all_layers(*plan_, pass, layers_, {sweep_, 1},
                                                                question.score, question.classes))
      maps.emplace_back(of_layer.front().row(0));
    return maps;
  }
  heatmap::Score score = question.score;
  heatmap::ClassPair classes = question.classes;
  heatmap::fix_classes(pass.logits(), score, classes);
  for (const net::NodeId layer : layers_)
    maps.push_back(changed_layer_->map({*plan_, pass, layer, score, classes, question.max_batch}, options_));
  return maps;
}

}  // namespace faultline::study
