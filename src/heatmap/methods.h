#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/settings.h"
#include "heatmap/catalogue.h"
#include "heatmap/changed_layer.h"
#include "heatmap/integrated_gradients.h"
#include "heatmap/lrp.h"
#include "heatmap/score_cam.h"
#include "heatmap/smoothgrad.h"

namespace faultline::heatmap {

// What can be set of the methods below; each reads what concerns it.
struct MethodOptions {
  Masked masked = Masked::layer;
  IntegratedGradientsOptions integrated_gradients = {};
  SmoothgradOptions smoothgrad = {};
  LrpOptions lrp = {};
};

// Of settings of one method's parameters; what it does not have keeps its default.
MethodOptions method_options(const Settings& settings);

// A heatmap of one layer by resumed passes, one a channel.
struct ChangedLayerMethod {
  std::string_view name;
  std::string_view description;  // one line
  std::string_view source;
  DoubleTensor (*map)(const ChangedLayer& of, const MethodOptions& with);  // [h,w] >= 0
};

// An attribution at the input. Its plan is compiled of graph(network), with observed(that) observed.
struct InputMethod {
  std::string_view name;
  std::string_view description;  // one line
  std::string_view source;
  std::string_view cost;  // in passes
  bool is_signed;
  // [C,H,W]: C = 3, or 1 of a saliency; the map is the sum over C.
  DoubleTensor (*attribute)(engine::Plan& plan, const Question& question, const MethodOptions& with);
  net::Graph (*graph)(const net::Graph& network);
  std::vector<net::NodeId> (*observed)(const net::Graph& graph);
};

// Adding one is adding a line to a table and its file.
std::span<const ChangedLayerMethod> changed_layer_methods();
std::span<const InputMethod> input_methods();

enum class Place { layer, input };

// Any method there is, as a list shows it.
struct MethodSummary {
  std::string_view name;
  std::string_view description;
  std::string_view source;
  std::string_view cost;
  Place place = Place::layer;
  bool is_signed = false;
  std::span<const Parameter> parameters = {};
};

// Settings of the method's parameters, none given. Throws Error{usage} for an unknown method.
Settings method_settings(std::string_view name);

// Of heatmap_methods, changed_layer_methods and input_methods, in this order.
std::vector<MethodSummary> all_methods();
std::vector<std::string> method_names();
// Throws Error{usage} listing the names.
MethodSummary method_summary(std::string_view name);

// A method of heatmap_methods. Throws Error{usage} listing their names; of another method it says that it
// takes passes of its own.
const HeatmapMethod& sweep_method(std::string_view name);

// Compiles what the method needs of this network.
std::unique_ptr<engine::Plan> compile_for(const InputMethod& method, const engine::Engine& engine,
                                          const net::Graph& network);

// [C,H,W] -> [H,W], summed over C.
DoubleTensor channel_total(const DoubleTensor& attribution);

}  // namespace faultline::heatmap
