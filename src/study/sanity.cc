#include "study/sanity.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <variant>

#include "compare/correlation.h"
#include "study/explainer.h"
#include "study/layer_weights.h"
#include "study/prediction_questions.h"

namespace faultline::study {

namespace {

DoubleTensor magnitudes(DoubleTensor map) {
  for (double& value : map.values()) value = std::abs(value);
  return map;
}

compare::Measured similarity(const DoubleTensor& before, const DoubleTensor& after) {
  const auto finite = [](double value) { return std::isfinite(value); };
  if (!std::ranges::all_of(before.values(), finite) || !std::ranges::all_of(after.values(), finite))
    return std::nullopt;
  const auto distance = compare::spearman_distance(compare::RankedMap(magnitudes(before)),
                                                   compare::RankedMap(magnitudes(after)));
  return distance ? compare::Measured(1 - *distance) : std::nullopt;
}

std::vector<DoubleTensor> maps_of(const Explainer& explainer, const PredictionQuestions& asked) {
  std::vector<DoubleTensor> maps;
  for (const heatmap::Question& question : asked.questions)
    maps.push_back(std::move(explainer.maps(question).front()));
  return maps;
}

}  // namespace

compare::Measured SanityStep::mean() const {
  return compare::mean_of(similarity);
}

compare::Measured SanityResult::upper_half() const {
  return steps.empty() ? std::nullopt : steps[(steps.size() + 1) / 2 - 1].mean();
}

compare::Measured SanityResult::whole() const {
  return steps.empty() ? std::nullopt : steps.back().mean();
}

bool SanityResult::passes() const {
  const auto half = upper_half();
  const auto all = whole();
  return half && all && *half < kLargestSimilarity && *all < kLargestSimilarity;
}

std::vector<net::NodeId> layers_to_randomise(const net::Graph& graph) {
  std::vector<net::NodeId> layers;
  for (net::NodeId id = graph.size() - 1; id >= 0; --id) {
    if (layer_weights(graph, id)) layers.push_back(id);
  }
  return layers;
}

net::Graph randomised(const net::Graph& graph, std::size_t count, std::uint64_t seed) {
  std::map<net::NodeId, Tensor> replaced;
  const auto layers = layers_to_randomise(graph);
  require(count <= layers.size(), "randomised: more layers than there are");
  for (std::size_t i = 0; i < count; ++i) {
    const net::Node& node = graph.node(layers[i]);
    replaced.insert_or_assign(node.inputs[1], he_normal(*layer_weights(graph, layers[i]),
                                                        RandomStream(seed, "sanity/" + node.name)));
    if (node.inputs.size() < 3) continue;
    if (const auto* bias = std::get_if<net::Constant>(&graph.node(node.inputs[2]).op); bias != nullptr)
      replaced.insert_or_assign(node.inputs[2], Tensor(bias->value->shape()));
  }
  net::Graph result;
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    const net::Node& node = graph.node(id);
    if (const auto found = replaced.find(id); found != replaced.end()) {
      result.add_constant(node.name, std::move(found->second));
    } else {
      result.add(node.name, node.op, node.inputs);
    }
  }
  result.set_output(graph.output());
  return result;
}

std::vector<SanityResult> check_sanity(const formats::Model& model, const std::vector<InputImage>& images,
                                       const engine::Engine& engine, const SanityOptions& options,
                                       const RunControl& control) {
  model.require_logits("sanity");
  require(!images.empty(), "check_sanity: no images");
  const std::vector<net::NodeId> layer = {layer_or_last(model, options.layer).post_activation};
  const PredictionQuestions asked = prediction_questions(model, images, engine, options.seed);
  const auto make = [&](const net::Graph& graph, const Settings& method) {
    return maps_of(Explainer(graph, engine, method.name(), layer, heatmap::method_options(method)), asked);
  };
  std::vector<SanityResult> results;
  std::vector<std::vector<DoubleTensor>> before;
  for (const Settings& method : options.methods) {
    results.push_back({.method = method.name(), .steps = {}});
    before.push_back(make(model.graph, method));
  }
  const auto layers = layers_to_randomise(model.graph);
  for (std::size_t count = 1; count <= layers.size(); ++count) {
    const std::string& name = model.graph.node(layers[count - 1]).name;
    const net::Graph graph = randomised(model.graph, count, options.seed);
    for (std::size_t m = 0; m < results.size(); ++m) {
      control.checkpoint();
      control.report({static_cast<std::int64_t>((count - 1) * results.size() + m),
                      static_cast<std::int64_t>(layers.size() * results.size()),
                      results[m].method + " without the weights from " + name + " on"});
      const auto after = make(graph, options.methods[m]);
      SanityStep& step = results[m].steps.emplace_back(SanityStep{.layer = name, .similarity = {}});
      for (std::size_t i = 0; i < images.size(); ++i)
        step.similarity.push_back(similarity(before[m][i], after[i]));
    }
  }
  return results;
}

}  // namespace faultline::study
