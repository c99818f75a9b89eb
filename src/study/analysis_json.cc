#include "study/analysis_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "compare/catalogue.h"
#include "study/attack_json.h"
#include "study/engine_json.h"
#include "study/measured_json.h"

namespace faultline::study {

using Json = nlohmann::ordered_json;

namespace {

constexpr int kVersion = 2;

Json attack_outcome(const attack::AttackedImage& attacked) {
  return {{"success", attacked.adversarial.success},   {"success_8bit", attacked.rounded.success},
          {"class_8bit", attacked.rounded.predicted},  {"steps", attacked.steps},
          {"forward_passes", attacked.forward_passes}, {"backward_passes", attacked.backward_passes}};
}

Json input_json(const InputRecord& input, double margin, const formats::Manifest& manifest) {
  return {{"kind", input.kind},
          {"draw", input.draw},
          {"matched", input.matched},
          {"class_index", input.predicted_class},
          {"label", class_name(manifest, input.predicted_class)},
          {"probability", input.probability},
          {"clean_class_probability", input.clean_class_probability},
          {"margin", margin},
          {"perturbation",
           {{"mean", input.perturbation.mean},
            {"std", input.perturbation.std},
            {"l2", input.perturbation.l2},
            {"linf", input.perturbation.linf}}}};
}

Json points_json(const compare::ResponseComparison& response, const net::NetworkMap& map) {
  Json list = Json::array();
  for (std::size_t i = 0; i < response.points.size(); ++i) {
    const compare::PointResponse& point = response.points[i];
    Json json = {{"name", map.points[i].name},
                 {"clean_norm", point.clean_norm},
                 {"deviation", json_of(point.deviation)},
                 {"log_excess", json_of(point.log_excess)},
                 {"step", json_of(point.step)},
                 {"pull", point.pull},
                 {"alignment", json_of(point.alignment)},
                 {"reach", json_of(point.reach)},
                 {"relative_reach", json_of(point.relative_reach)}};
    json["harmless_steps"] = point.harmless_steps
                                 ? Json{point.harmless_steps->least, point.harmless_steps->largest}
                                 : Json(nullptr);
    list.push_back(std::move(json));
  }
  return list;
}

Json contributions_json(const compare::ResponseComparison& response, const net::Graph& graph) {
  const auto names = [&](const std::vector<net::NodeId>& nodes) {
    Json list = Json::array();
    for (const net::NodeId id : nodes) list.push_back(graph.node(id).name);
    return list;
  };
  Json list = Json::array();
  for (std::size_t s = 0; s < response.segments.size(); ++s) {
    list.push_back({{"from", names(response.segments[s].from)},
                    {"to", names(response.segments[s].to)},
                    {"contribution", response.contributions[s]}});
  }
  return list;
}

Json heatmap_row(const compare::HeatmapMeasures& row, const std::vector<compare::MapDistance>& distances) {
  Json json = {{"blank", row.blank},
               {"entropy", json_of(row.concentration.entropy)},
               {"gini", json_of(row.concentration.gini)},
               {"half_mass", json_of(row.concentration.half_mass)}};
  for (std::size_t d = 0; d < distances.size(); ++d)
    json[std::string(distances[d].name)] = json_of(row.distances[d]);
  return json;
}

Json heatmaps_json(const compare::ResponseComparison& response, const net::NetworkMap& map,
                   const compare::CompareOptions& options) {
  Json list = Json::array();
  for (std::size_t layer = 0; layer < map.layers.size(); ++layer) {
    for (std::size_t m = 0; m < options.methods.size(); ++m) {
      Json rows = Json::array();
      for (const auto& row : response.heatmaps[layer][m].rows)
        rows.push_back(heatmap_row(row, options.distances));
      list.push_back({{"layer", map.layers[layer].name},
                      {"method", options.methods[m].name},
                      {"rows", std::move(rows)}});
    }
  }
  return list;
}

Json structure(const net::NetworkMap& map) {
  Json points = Json::array();
  for (const net::Point& point : map.points) {
    points.push_back({{"name", point.name},
                      {"kind", net::name_of(point.kind)},
                      {"block", map.blocks[static_cast<std::size_t>(point.block)]}});
  }
  return points;
}

}  // namespace

namespace {

// Invalid UTF-8 in file names is replaced, so that no file name can end a run.
std::string to_text(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace);
}

// A value so many levels deep in a document.
std::string nested(const Json& json, std::size_t depth) {
  std::string text;
  for (const char c : to_text(json)) {
    text += c;
    if (c == '\n') text.append(depth, ' ');
  }
  return text;
}

Json heading(const Analyzer& analyzer, const std::filesystem::path& model_file,
             const engine::Engine& engine) {
  const AnalysisOptions& options = analyzer.options();
  const formats::Model& model = analyzer.model();
  Json controls = Json::array();
  for (const Settings& each : options.controls)
    controls.push_back({{"name", each.name()}, {"draws", each.integer("draws")}, {"settings", each.json()}});
  Json metrics = Json::array();
  for (const Settings& each : options.metrics)
    metrics.push_back({{"name", each.name()}, {"settings", each.json()}});
  Json methods = Json::array();
  for (const auto& method : options.compare.methods) methods.push_back(method.name);
  return {{"version", kVersion},
          {"faultline", FAULTLINE_VERSION},
          {"model", {{"file", model_file.string()}, {"sha256", model.sha256}, {"name", model.manifest.name}}},
          {"engine", engine_json(engine)},
          {"seed", options.seed},
          {"pixels", options.round_to_8bit ? "8bit" : "float"},
          {"attack", attack_json(analyzer.attack())},
          {"controls", std::move(controls)},
          {"heatmap_methods", std::move(methods)},
          {"heatmap_score", options.compare.score.name},
          {"metrics", std::move(metrics)},
          {"points", structure(analyzer.map())}};
}

}  // namespace

struct AnalysisDocument::Content {
  const Analyzer& analyzer;
  GrowingFile file;
  Json failures = Json::array();
  bool has_images = false;
};

AnalysisDocument::AnalysisDocument(std::filesystem::path file, const Analyzer& analyzer,
                                   const std::filesystem::path& model_file, const engine::Engine& engine)
    : content_(new Content{analyzer, GrowingFile(std::move(file))}) {
  std::string text = to_text(heading(analyzer, model_file, engine));
  text.resize(text.size() - std::string_view("\n}").size());
  content_->file.append(text + ",\n \"images\": [");
}

AnalysisDocument::~AnalysisDocument() = default;

void AnalysisDocument::add(const Analysis& analysis, const Verdict& verdict) {
  const formats::Model& model = content_->analyzer.model();
  const net::NetworkMap& map = content_->analyzer.map();
  const compare::ResponseComparison& response = analysis.response;
  Json inputs = Json::array();
  for (std::size_t row = 0; row < analysis.inputs.size(); ++row) {
    inputs.push_back(input_json(analysis.inputs[row], response.margins[row], model.manifest));
  }
  Json image = {{"file", analysis.image.file.string()},
                {"sha256", analysis.image.sha256},
                {"width", analysis.image.width},
                {"height", analysis.image.height},
                {"clean_class", response.classes.clean_class},
                {"other_class", response.classes.other_class},
                {"flipped", analysis.flipped()}};
  if (analysis.attack) image["attack"] = attack_outcome(*analysis.attack);
  image["inputs"] = std::move(inputs);
  image["points"] = points_json(response, map);
  image["contributions"] = contributions_json(response, model.graph);
  image["heatmaps"] = heatmaps_json(response, map, content_->analyzer.options().compare);
  image["words"] = verdict.sentences;
  content_->file.append((content_->has_images ? ",\n  " : "\n  ") + nested(image, 2));
  content_->has_images = true;
}

void AnalysisDocument::add_failure(const std::string& file, const std::string& reason) {
  content_->failures.push_back({{"file", file}, {"reason", reason}});
}

void AnalysisDocument::finish() {
  content_->file.append(content_->has_images ? "\n ],\n" : "],\n");
  content_->file.append(" \"failures\": " + nested(content_->failures, 1) + "\n}\n");
  content_->file.finish();
}

}  // namespace faultline::study
