#include "heatmap/methods.h"

#include <algorithm>
#include <array>

#include "base/named.h"
#include "heatmap/ablation_cam.h"
#include "heatmap/full_grad.h"
#include "heatmap/gradient.h"
#include "heatmap/guided_backprop.h"

namespace faultline::heatmap {
namespace {

net::Graph same(const net::Graph& network) {
  return network;
}

std::vector<net::NodeId> nothing(const net::Graph& /*graph*/) {
  return {};
}

constexpr std::array<std::string_view, 2> kMasked = {"layer", "input"};
constexpr std::array kScoreCamParameters = {choice_parameter(
    "masked", "layer", kMasked,
    "what masks are laid on: the layer, passes resumed from there, or the normalised image, whole passes")};
constexpr std::array kIntegratedGradientsParameters = {
    integer_parameter("steps", "50", 1, 1'000'000, "points on the way from the baseline"),
    real_parameter("baseline", "0", 0, 1, "every pixel of the baseline image, pixel units")};
constexpr std::array kSmoothgradParameters = {
    integer_parameter("samples", "25", 1, 1'000'000, "noisy copies of the image"),
    real_parameter("sigma", "0.15", 0, 10, "standard deviation of the noise, pixel units")};
constexpr Parameter kEpsilon =
    real_parameter("epsilon", "1e-6", 0, 1e6, "added to the magnitude of every divisor");
constexpr std::array kLrpEpsilonParameters = {kEpsilon};
constexpr std::array kLrpGammaParameters = {
    real_parameter("gamma", "0.25", 0, 1e6, "how much more positive weights count"), kEpsilon};

struct MethodParameters {
  std::string_view method;
  std::span<const Parameter> parameters;
};

std::span<const Parameter> parameters_of(std::string_view method) {
  static constexpr std::array<MethodParameters, 5> kTables = {{
      {"scorecam", kScoreCamParameters},
      {"integrated-gradients", kIntegratedGradientsParameters},
      {"smoothgrad", kSmoothgradParameters},
      {"lrp-epsilon", kLrpEpsilonParameters},
      {"lrp-gamma", kLrpGammaParameters},
  }};
  const auto* found = std::ranges::find(kTables, method, &MethodParameters::method);
  return found == kTables.end() ? std::span<const Parameter>() : found->parameters;
}

constexpr std::string_view kOnePass = "1 forward, 1 backward";

}  // namespace

std::span<const ChangedLayerMethod> changed_layer_methods() {
  static constexpr std::array kMethods = {
      ChangedLayerMethod{
          "scorecam", "channels weighted by the score with all but them masked away",
          "Wang et al. 2020, arXiv 1910.01279",
          [](const ChangedLayer& of, const MethodOptions& with) { return score_cam(of, with.masked); }},
      ChangedLayerMethod{
          "ablationcam", "channels weighted by what the score loses without them",
          "Desai and Ramaswamy 2020, WACV",
          [](const ChangedLayer& of, const MethodOptions& /*with*/) { return ablation_cam(of); }},
  };
  return kMethods;
}

std::span<const InputMethod> input_methods() {
  using engine::Plan;
  static constexpr std::array kMethods = {
      InputMethod{"gradient", "the score's gradient at the input", "Simonyan et al. 2014, arXiv 1312.6034",
                  kOnePass, true,
                  [](Plan& plan, const Question& of, const MethodOptions&) { return gradient(plan, of); },
                  same, nothing},
      InputMethod{
          "input-x-gradient", "the image times the gradient", "Shrikumar et al. 2016, arXiv 1605.01713",
          kOnePass, true,
          [](Plan& plan, const Question& of, const MethodOptions&) { return input_x_gradient(plan, of); },
          same, nothing},
      InputMethod{"integrated-gradients", "gradients along the way from a baseline image",
                  "Sundararajan et al. 2017, arXiv 1703.01365", "steps x that", true,
                  [](Plan& plan, const Question& of, const MethodOptions& with) {
                    return integrated_gradients(plan, of, with.integrated_gradients);
                  },
                  same, nothing},
      InputMethod{"smoothgrad", "the mean gradient of noisy copies", "Smilkov et al. 2017, arXiv 1706.03825",
                  "samples x that", true,
                  [](Plan& plan, const Question& of, const MethodOptions& with) {
                    return smoothgrad(plan, of, with.smoothgrad);
                  },
                  same, nothing},
      InputMethod{
          "guided-backprop", "the gradient without what ReLUs hand on of negative sign",
          "Springenberg et al. 2015, arXiv 1412.6806", kOnePass, true,
          [](Plan& plan, const Question& of, const MethodOptions&) { return guided_backprop(plan, of); },
          same, nothing},
      InputMethod{
          "lrp-epsilon", "relevance shared out by each input's part of a sum",
          "Bach et al. 2015, PLOS ONE 10(7)", kOnePass, true,
          [](Plan& plan, const Question& of, const MethodOptions& with) { return lrp(plan, of, with.lrp); },
          lrp_epsilon_graph, lrp_observed},
      InputMethod{
          "lrp-gamma", "the same, positive parts of convolutions favoured",
          "Montavon et al. 2019, LNCS 11700", "2 forward, 2 backward", true,
          [](Plan& plan, const Question& of, const MethodOptions& with) { return lrp(plan, of, with.lrp); },
          lrp_gamma_graph, lrp_observed},
      InputMethod{"fullgrad", "what the input and every layer's bias contribute",
                  "Srinivas and Fleuret 2019, arXiv 1905.00780", kOnePass, false,
                  [](Plan& plan, const Question& of, const MethodOptions&) { return full_grad(plan, of); },
                  same, bias_nodes},
  };
  return kMethods;
}

std::vector<MethodSummary> all_methods() {
  std::vector<MethodSummary> all;
  for (const HeatmapMethod& each : heatmap_methods())
    all.push_back({each.name, each.description, each.source,
                   each.of_probability ? "1 forward, 1 backward of its own" : "1 forward, 1 backward for all",
                   Place::layer, each.is_signed});
  for (const ChangedLayerMethod& each : changed_layer_methods())
    all.push_back(
        {each.name, each.description, each.source, "1 resumed forward a channel", Place::layer, false});
  for (const InputMethod& each : input_methods())
    all.push_back({each.name, each.description, each.source, each.cost, Place::input, each.is_signed});
  for (MethodSummary& each : all) each.parameters = parameters_of(each.name);
  return all;
}

std::vector<std::string> method_names() {
  std::vector<std::string> names;
  for (const MethodSummary& each : all_methods()) names.emplace_back(each.name);
  return names;
}

Settings method_settings(std::string_view name) {
  const MethodSummary method = method_summary(name);
  return {"heatmap", method.name, method.parameters};
}

MethodOptions method_options(const Settings& settings) {
  MethodOptions options;
  if (settings.has("masked") && settings.text("masked") == "input") options.masked = Masked::input;
  if (settings.has("steps")) options.integrated_gradients.steps = settings.integer("steps");
  if (settings.has("baseline")) options.integrated_gradients.baseline = settings.real("baseline");
  if (settings.has("samples")) options.smoothgrad.samples = settings.integer("samples");
  if (settings.has("sigma")) options.smoothgrad.sigma = settings.real("sigma");
  if (settings.has("epsilon")) options.lrp.epsilon = settings.real("epsilon");
  if (settings.has("gamma")) options.lrp.gamma = settings.real("gamma");
  return options;
}

MethodSummary method_summary(std::string_view name) {
  const std::vector<MethodSummary> all = all_methods();
  return named(std::span<const MethodSummary>(all), name, "heatmap method");
}

const HeatmapMethod& sweep_method(std::string_view name) {
  const std::vector<MethodSummary> all = all_methods();
  const bool is_sweep = std::ranges::count(heatmap_methods(), name, &HeatmapMethod::name) > 0;
  if (!is_sweep && std::ranges::count(all, name, &MethodSummary::name) > 0) {
    std::string names;
    for (const HeatmapMethod& each : heatmap_methods())
      names += (names.empty() ? "" : ", ") + std::string(each.name);
    throw Error(ErrorKind::usage, "heatmap method '" + std::string(name) +
                                      "' takes passes of its own; expected one that is made in the common "
                                      "backward sweep: " +
                                      names);
  }
  return heatmap_method(name);
}

std::unique_ptr<engine::Plan> compile_for(const InputMethod& method, const engine::Engine& engine,
                                          const net::Graph& network) {
  const net::Graph graph = method.graph(network);
  return engine.compile(graph, {.observed = method.observed(graph)});
}

DoubleTensor channel_total(const DoubleTensor& attribution) {
  require(attribution.shape().rank() == 3, "channel_total: [C,H,W]");
  DoubleTensor map(attribution.shape().without_leading());
  for (std::int64_t i = 0; i < attribution.elements(); ++i) map[i % map.elements()] += attribution[i];
  return map;
}

}  // namespace faultline::heatmap
