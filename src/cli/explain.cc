#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/read_ahead.h"
#include "base/write_behind.h"
#include "cli/class_option.h"
#include "cli/commands.h"
#include "cli/explain_output.h"
#include "cli/model_options.h"
#include "cli/progress.h"
#include "cli/result_folder.h"
#include "engine/engine.h"
#include "heatmap/methods.h"
#include "heatmap/score.h"
#include "study/explainer.h"
#include "study/image_list.h"
#include "study/input_image.h"
#include "study/output_names.h"
#include "study/words.h"
#include "tensor/argmax.h"
#include "tensor/softmax.h"

namespace faultline::cli {

namespace {

using Json = nlohmann::ordered_json;

struct ExplainOptions {
  ModelOptions model;
  std::vector<std::string> pictures;
  std::string output;
  std::vector<std::string> layers = {"all"};
  std::string method = "layercam";
  std::string score = "class";
  std::optional<std::string> class_name;
  std::string activation = "post";
  std::string scale = "auto";
  std::vector<std::string> assignments;
  bool json = false;
};

std::vector<ExplainedLayer> chosen_layers(const ExplainOptions& options, const net::NetworkMap& map) {
  std::vector<ExplainedLayer> chosen;
  const auto add = [&](const net::Layer& layer) {
    const net::NodeId node = options.activation == "pre" ? layer.pre_activation : layer.post_activation;
    const bool known =
        std::any_of(chosen.begin(), chosen.end(), [&](const auto& each) { return each.node == node; });
    if (!known) chosen.push_back({layer.name, node});
  };
  for (const std::string& name : options.layers) {
    if (name == "all") {
      for (const net::Layer& layer : map.layers) add(layer);
    } else {
      add(map.layer(name));
    }
  }
  if (chosen.empty()) throw Error(ErrorKind::model, "the network has no convolution, so no layer to explain");
  return chosen;
}

// What a method's maps are of: layers, or the input alone.
std::vector<ExplainedLayer> explained_places(const ExplainOptions& options, const formats::Model& model) {
  if (heatmap::method_summary(options.method).place == heatmap::Place::layer)
    return chosen_layers(options, model.map);
  if (options.layers != std::vector<std::string>{"all"} || options.activation != "post") {
    throw Error(ErrorKind::usage,
                "'" + options.method + "' explains the input: it takes neither --layers nor --activation");
  }
  return {{"input", model.graph.input()}};
}

Settings chosen_settings(const ExplainOptions& options) {
  Settings settings = heatmap::method_settings(options.method);
  for (const std::string& assignment : options.assignments) settings.set_assignment(assignment);
  return settings;
}

// Negative values are shown where a method has them.
MapScale chosen_scale(const ExplainOptions& options) {
  if (options.scale == "max") return MapScale::maximum;
  if (options.scale == "min-max") return MapScale::min_max;
  if (options.scale == "symmetric") return MapScale::symmetric;
  return heatmap::method_summary(options.method).is_signed ? MapScale::symmetric : MapScale::maximum;
}

// The class to be explained, and the one it is most easily mistaken for.
heatmap::ClassPair classes_to_explain(DoubleTensorView logits, std::optional<int> given) {
  heatmap::ClassPair pair;
  pair.clean_class = given.value_or(argmax(logits.values()));
  pair.other_class = pair.clean_class == 0 ? 1 : 0;
  for (int k = 0; k < logits.elements(); ++k) {
    if (k != pair.clean_class && logits[k] > logits[pair.other_class]) pair.other_class = k;
  }
  return pair;
}

Json record(const Explanation& explanation, const std::filesystem::path& folder) {
  Json layers = Json::array();
  for (std::size_t i = 0; i < explanation.layers.size(); ++i) {
    const DoubleTensor& map = explanation.maps[i];
    layers.push_back({{"layer", explanation.layers[i].name},
                      {"file", (folder / (escape_file_name(explanation.layers[i].name) + ".npy")).string()},
                      {"height", map.shape()[0]},
                      {"width", map.shape()[1]},
                      {"blank", is_blank(map)}});
  }
  return {{"file", explanation.file.string()},
          {"class_index", explanation.class_index},
          {"label", explanation.label},
          {"probability", explanation.probability},
          {"layers", std::move(layers)}};
}

class PictureExplainer {
 public:
  PictureExplainer(const ExplainOptions& options, const Session& session)
      : model_(load(options.model)),
        method_(options.method),
        layers_(explained_places(options, model_)),
        scale_(chosen_scale(options)),
        score_(heatmap::score(options.score)),
        seed_(session.seed) {
    model_.require_logits("explain");
    if (options.class_name) class_ = parse_class("--class", *options.class_name, model_);
    std::vector<net::NodeId> nodes;
    for (const ExplainedLayer& layer : layers_) nodes.push_back(layer.node);
    explainer_.emplace(model_.graph, *make_engine(session), method_, nodes,
                       heatmap::method_options(chosen_settings(options)));
  }

  const formats::Manifest& manifest() const { return model_.manifest; }

  Explanation explain(study::InputImage image) {
    const Tensor batch = study::stack({&image.pixels, 1});
    Explanation result;
    result.file = std::move(image.file);
    result.pixels = std::move(image.pixels);
    result.method = method_;
    result.scale = scale_;
    result.layers = layers_;
    result.maps = explainer_->maps(batch, [&](const DoubleTensor& logits) {
      const heatmap::ClassPair classes = classes_to_explain(logits.row(0), class_);
      result.class_index = classes.clean_class;
      result.label = study::class_name(model_.manifest, classes.clean_class);
      result.probability = softmax(logits.row(0))[static_cast<std::size_t>(classes.clean_class)];
      return heatmap::Question{
          .image = batch, .key = image.sha256, .score = score_, .classes = classes, .seed = seed_};
    });
    model_.check_unchanged();
    return result;
  }

 private:
  formats::Model model_;
  std::string method_;
  std::vector<ExplainedLayer> layers_;
  MapScale scale_;
  heatmap::Score score_;
  std::uint64_t seed_;
  std::optional<int> class_;
  std::optional<study::Explainer> explainer_ = std::nullopt;
};

// An explanation on its way to the disk.
struct Finished {
  Explanation explanation;
  std::filesystem::path folder;
};

// Pictures are read before and files written behind the passes, each on a thread of its own.
void explain(const ExplainOptions& options, const Session& session) {
  const auto files = study::list_images(options.pictures);
  PictureExplainer explainer(options, session);
  prepare_result_folder(options.output, {"explain.json"});
  ProgressLine progress("explained", session.quiet || options.json);
  const RunControl control = progress.control();
  study::OutputNames names;
  Json images = Json::array();
  std::string summary;
  const auto total = static_cast<std::int64_t>(files.size());
  ReadAhead<study::InputImage> inputs(total, 1, [&](std::int64_t i) {
    return study::load_input(files[static_cast<std::size_t>(i)], explainer.manifest());
  });
  WriteBehind<Finished> outputs(
      1, [](const Finished& finished) { write_explanation(finished.explanation, finished.folder); });
  for (std::size_t i = 0; i < files.size(); ++i) {
    control.report({static_cast<std::int64_t>(i), total, files[i].filename().string()});
    control.checkpoint();
    Explanation explanation = explainer.explain(inputs.next());
    std::filesystem::path folder = std::filesystem::path(options.output) / names.next(files[i]);
    images.push_back(record(explanation, folder));
    summary +=
        fmt::format("{}: {} ({:.1f} %), {} layers in {}\n", files[i].filename().string(), explanation.label,
                    100 * explanation.probability, explanation.layers.size(), folder.string());
    outputs.add({std::move(explanation), std::move(folder)});
  }
  outputs.finish();
  const Json document = {{"version", 1},
                         {"method", options.method},
                         {"settings", chosen_settings(options).json()},
                         {"signed", heatmap::method_summary(options.method).is_signed},
                         {"score", options.score},
                         {"images", std::move(images)}};
  const std::string text = document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  write_file(std::filesystem::path(options.output) / "explain.json", text);
  print(options.json ? text : summary);
}

std::string parameter_help() {
  std::string text;
  for (const auto& method : heatmap::all_methods()) {
    for (const Parameter& parameter : method.parameters)
      text += "\n  " + std::string(method.name) + ": " + describe(parameter);
  }
  return text;
}

}  // namespace

void add_explain(CLI::App& root, Session& session) {
  const auto options = std::make_shared<ExplainOptions>();
  CLI::App* command =
      root.add_subcommand("explain", "Heatmaps of a network's layers for pictures, raw and as overlays");
  command->footer(
      "\nWrites for each picture OUT/<picture>/<layer>.npy (raw float32 [h,w] at the layer's resolution; "
      "other characters than\n"
      "letters, digits, '_', '-' and '.' in layer names become %XX), <layer>.png (overlay), "
      "contact-sheet.png; and OUT/explain.json.\n"
      "Example: faultline explain models/squeezenet1.0.onnx images/street -o maps --method gradcam");
  add_model_options(*command, options->model);
  add_pictures(*command, options->pictures);
  command->add_option("-o,--output", options->output, "Folder for the heatmaps")->required();
  command->add_option("--layers", options->layers, "Layers by name (see faultline inspect), or all")
      ->delimiter(',')
      ->capture_default_str();
  std::vector<std::string> scores;
  for (const auto& score : heatmap::scores()) scores.emplace_back(score.name);
  command->add_option("--method,--heatmap", options->method, "How heatmaps are made")
      ->check(CLI::IsMember(heatmap::method_names()))
      ->capture_default_str();
  command->add_option("--score", options->score, "What they explain")
      ->check(CLI::IsMember(scores))
      ->capture_default_str();
  command->add_option("--class", options->class_name,
                      "The class to explain, an index or a label; default: the predicted one");
  command
      ->add_option("--activation", options->activation,
                   "Layers after (post) or before (pre) their activation")
      ->check(CLI::IsMember({"post", "pre"}))
      ->capture_default_str();
  command
      ->add_option("--normalise", options->scale,
                   "How pictures show values: max (0 to the largest), min-max, symmetric (round 0); auto is "
                   "symmetric for methods\nwhose maps are signed, else max")
      ->check(CLI::IsMember({"auto", "max", "min-max", "symmetric"}))
      ->capture_default_str();
  command
      ->add_option("--set", options->assignments,
                   "A parameter of the method, as --set steps=100; may be given several times. Parameters:" +
                       parameter_help())
      ->allow_extra_args(false);
  add_seed_option(*command, session);
  command->add_flag("--json", options->json, "Print explain.json on stdout");
  add_engine_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { explain(*options, session); }; });
}

}  // namespace faultline::cli
