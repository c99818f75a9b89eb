#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/model_options.h"
#include "net/points.h"

namespace faultline::cli {

namespace {

using Json = nlohmann::ordered_json;

struct InspectOptions {
  ModelOptions model;
  bool json = false;
  bool nodes = false;
};

struct Inspection {
  formats::Model model;
  net::NetworkMap map;
  std::vector<Shape> shapes;  // of every node, for one image
};

std::string sample_shape(const Inspection& of, net::NodeId node) {
  return of.shapes[static_cast<std::size_t>(node)].without_leading().to_string();
}

std::string preprocessing(const formats::ManifestInput& input) {
  return fmt::format("{}x{} {}, ({} v - [{:g}, {:g}, {:g}]) / [{:g}, {:g}, {:g}], {} by {}", input.width,
                     input.height, input.bgr ? "BGR" : "RGB", input.scale, input.mean[0], input.mean[1],
                     input.mean[2], input.std[0], input.std[1], input.std[2],
                     input.resize.geometry == formats::ManifestResize::Geometry::stretch
                         ? std::string("stretched")
                         : fmt::format("shorter side to {} and cropped", input.resize.resize_to),
                     input.resize.filter == formats::ManifestResize::Filter::antialias
                         ? "antialiased bilinear"
                         : "OpenCV's bilinear");
}

std::string text_of(const Inspection& of, bool nodes) {
  const formats::Model& model = of.model;
  std::string text = fmt::format(
      "{}\n  parameters     {}\n  classes        {}{}\n  ONNX opset     {} ({})\n  preprocessing  {}\n  "
      "sha256         {}\n",
      model.manifest.name, model.parameters, model.classes, model.gives_logits ? "" : " (gives no logits)",
      model.opset, model.producer.empty() ? "unknown producer" : model.producer,
      preprocessing(model.manifest.input), model.sha256);
  for (const std::string& note : model.notes) text += "  note           " + note + "\n";
  text += fmt::format("\n{} blocks, {} layers (heatmaps), {} points (deviations)\n", of.map.blocks.size(),
                      of.map.layers.size(), of.map.points.size());
  text += fmt::format("  {:<12} {:<28} {:<8} {}\n", "block", "point", "kind", "shape");
  for (const net::Point& point : of.map.points) {
    text += fmt::format("  {:<12} {:<28} {:<8} {}\n", of.map.blocks[static_cast<std::size_t>(point.block)],
                        point.name, net::name_of(point.kind), sample_shape(of, point.node));
  }
  if (!nodes) return text;
  text += "\nnodes\n";
  for (net::NodeId id = 0; id < model.graph.size(); ++id) {
    if (!model.graph.is_variable(id)) continue;
    const net::Node& node = model.graph.node(id);
    text +=
        fmt::format("  {:<28} {:<20} {:<16}", node.name, net::operator_name(node.op), sample_shape(of, id));
    for (const net::NodeId input : node.inputs) {
      if (model.graph.is_variable(input)) text += " <- " + model.graph.node(input).name;
    }
    text += "\n";
  }
  return text;
}

Json dims(const Shape& shape) {
  Json list = Json::array();
  for (const std::int64_t extent : shape) list.push_back(extent);
  return list;
}

Json json_of(const Inspection& of) {
  const formats::Model& model = of.model;
  const formats::ManifestInput& input = model.manifest.input;
  Json points = Json::array();
  for (const net::Point& point : of.map.points) {
    points.push_back({{"name", point.name},
                      {"kind", net::name_of(point.kind)},
                      {"block", of.map.blocks[static_cast<std::size_t>(point.block)]},
                      {"node", model.graph.node(point.node).name},
                      {"shape", dims(of.shapes[static_cast<std::size_t>(point.node)].without_leading())},
                      {"predecessors", point.predecessors}});
  }
  Json layers = Json::array();
  for (const net::Layer& layer : of.map.layers) {
    layers.push_back({{"name", layer.name},
                      {"block", of.map.blocks[static_cast<std::size_t>(layer.block)]},
                      {"pre_activation", model.graph.node(layer.pre_activation).name},
                      {"post_activation", model.graph.node(layer.post_activation).name}});
  }
  return {{"version", 1},
          {"name", model.manifest.name},
          {"sha256", model.sha256},
          {"parameters", model.parameters},
          {"classes", model.classes},
          {"gives_logits", model.gives_logits},
          {"opset", model.opset},
          {"producer", model.producer},
          {"input",
           {{"width", input.width},
            {"height", input.height},
            {"channels", input.bgr ? "BGR" : "RGB"},
            {"scale", input.scale},
            {"mean", input.mean},
            {"std", input.std}}},
          {"notes", model.notes},
          {"blocks", of.map.blocks},
          {"layers", std::move(layers)},
          {"points", std::move(points)}};
}

void inspect(const InspectOptions& options) {
  Inspection of{.model = load(options.model), .map = {}, .shapes = {}};
  of.map = of.model.map;
  of.shapes = of.model.graph.infer_shapes(1);
  print(options.json ? json_of(of).dump(1, ' ', false, Json::error_handler_t::replace) + "\n"
                     : text_of(of, options.nodes));
}

}  // namespace

void add_inspect(CLI::App& root, Session& session) {
  const auto options = std::make_shared<InspectOptions>();
  CLI::App* command = root.add_subcommand(
      "inspect", "What a network looks like to faultline: preprocessing, blocks, layers, points");
  command->footer("\nExample: faultline inspect models/squeezenet1.0.onnx");
  add_model_options(*command, options->model);
  command->add_flag("--nodes", options->nodes, "Every node of the graph too");
  command->add_flag("--json", options->json, "JSON on stdout (docs/json.md)");
  add_common_options(*command, session);
  command->callback([&session, options] { session.action = [options] { inspect(*options); }; });
}

}  // namespace faultline::cli
