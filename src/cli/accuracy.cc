#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/model_options.h"
#include "cli/progress.h"
#include "study/accuracy.h"
#include "study/image_list.h"
#include "study/input_image.h"

namespace faultline::cli {
namespace {

using Json = nlohmann::ordered_json;
using study::Errors;
using study::PrecisionAccuracy;

constexpr double kLargestLoss = 1e-4;  // a cosine of 0.9999

struct AccuracyCommand {
  ModelOptions model;
  std::vector<std::string> pictures;
  std::optional<int> size;
  bool json = false;
};

std::size_t count(const std::vector<bool>& values) {
  return static_cast<std::size_t>(std::count(values.begin(), values.end(), true));
}

// How many of the images that fool a precision fool the reference engine too.
std::size_t transferred(const study::AttackAgreement& attack) {
  std::size_t both = 0;
  for (std::size_t i = 0; i < attack.success.size(); ++i)
    both += attack.success[i] && attack.reference_success[i] ? 1U : 0U;
  return both;
}

// The error of every layer together: the largest of each picture.
Errors over_layers(const PrecisionAccuracy& of, const std::function<const Errors&(std::size_t)>& layer) {
  Errors errors = layer(0);
  for (std::size_t l = 1; l < of.layers.size(); ++l) {
    for (std::size_t i = 0; i < errors.values.size(); ++i)
      errors.values[i] = std::max(errors.values[i], layer(l).values[i]);
  }
  return errors;
}

Errors worst_heatmaps(const PrecisionAccuracy& of) {
  Errors errors;
  for (std::size_t m = 0; m < of.layers[0].heatmaps.size(); ++m) {
    const Errors all =
        over_layers(of, [&](std::size_t l) -> const Errors& { return of.layers[l].heatmaps[m]; });
    errors.values.resize(all.values.size());
    for (std::size_t i = 0; i < all.values.size(); ++i)
      errors.values[i] = std::max(errors.values[i], all.values[i]);
  }
  return errors;
}

std::string cells(const Errors& errors) {
  return fmt::format("  {:7.0e} {:7.0e}", errors.median(), errors.worst());
}

std::string layer_table(const study::Accuracy& accuracy, const PrecisionAccuracy& of) {
  std::string text = fmt::format("\n{}: by layer, median and worst of the pictures\n{:<18}  {:<15}  {:<15}",
                                 engine::name_of(of.precision), "", "activation", "gradient");
  for (const std::string& method : accuracy.methods) text += fmt::format("  {:<15}", "1-cos " + method);
  text += "\n";
  for (const study::LayerAccuracy& layer : of.layers) {
    text += fmt::format("{:<18}", layer.name) + cells(layer.activation) + cells(layer.gradient);
    for (const Errors& map : layer.heatmaps) text += cells(map);
    text += "\n";
  }
  return text;
}

std::string summary(const study::Accuracy& accuracy) {
  const std::size_t pictures = accuracy.classes.size();
  std::string text = fmt::format("{:<9}  {:<15}  {:<15}  {:<15}  {:<13}  {:<15}  {:<15}  {}\n", "precision",
                                 "logits", "gradients", "heatmaps 1-cos", "cos >= 0.9999", "classes changed",
                                 "verdicts as f32", "fool reference too");
  for (const PrecisionAccuracy& of : accuracy.precisions) {
    const Errors gradients =
        over_layers(of, [&](std::size_t l) -> const Errors& { return of.layers[l].gradient; });
    const Errors maps = worst_heatmaps(of);
    const auto close = std::count_if(maps.values.begin(), maps.values.end(),
                                     [](double loss) { return loss <= kLargestLoss; });
    text +=
        fmt::format("{:<9}", engine::name_of(of.precision)) + cells(of.logits) + cells(gradients) +
        cells(maps) +
        fmt::format("  {:<13}  {:<15}  {:<15}  {}\n", fmt::format("{} of {}", close, pictures),
                    fmt::format("{} of {}", accuracy.changed_classes(of), pictures),
                    fmt::format("{} of {}", study::agreeing_attacks(of.attack, accuracy.precisions[0].attack),
                                pictures),
                    fmt::format("{} of {}", transferred(of.attack), count(of.attack.success)));
  }
  return text;
}

// A picture's maps whose cosine is below 0.9999.
struct Jump {
  std::size_t maps = 0;
  double worst = 0;  // 1 - cosine
  std::string where;
};

Jump jump_of(const study::Accuracy& accuracy, const PrecisionAccuracy& of, std::size_t picture) {
  Jump jump;
  for (const study::LayerAccuracy& layer : of.layers) {
    for (std::size_t m = 0; m < layer.heatmaps.size(); ++m) {
      const double loss = layer.heatmaps[m].values[picture];
      if (loss > kLargestLoss) ++jump.maps;
      if (loss <= jump.worst) continue;
      jump.worst = loss;
      jump.where = accuracy.methods[m] + " at " + layer.name;
    }
  }
  return jump;
}

// Named picture by picture, so that none is lost in a median.
std::string jumps(const study::Accuracy& accuracy, const std::vector<study::InputImage>& pictures) {
  std::string text;
  for (const PrecisionAccuracy& of : accuracy.precisions) {
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      const Jump jump = jump_of(accuracy, of, i);
      if (jump.maps == 0) continue;
      text += fmt::format("{:<9}  {}: {} of {} heatmaps with a cosine below 0.9999, worst 1-cos {:.1e}, {}\n",
                          engine::name_of(of.precision), pictures[i].file.filename().string(), jump.maps,
                          of.layers.size() * accuracy.methods.size(), jump.worst, jump.where);
    }
  }
  return text.empty() ? text : "\n" + text;
}

// Infinite where the reference is zero everywhere.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json to_json(const Errors& errors) {
  return {{"median", number(errors.median())},
          {"worst", number(errors.worst())},
          {"worst_image", errors.worst_picture()}};
}

Json to_json(const study::LayerAccuracy& layer, const std::vector<std::string>& methods) {
  Json heatmaps = Json::array();
  for (std::size_t m = 0; m < methods.size(); ++m) {
    Json map = {{"method", methods[m]}};
    map.update(to_json(layer.heatmaps[m]));
    heatmaps.push_back(std::move(map));
  }
  return {{"layer", layer.name},
          {"activation", to_json(layer.activation)},
          {"gradient", to_json(layer.gradient)},
          {"heatmaps", std::move(heatmaps)}};
}

Json to_json(const study::Accuracy& accuracy, const PrecisionAccuracy& of) {
  Json layers = Json::array();
  for (const auto& layer : of.layers) layers.push_back(to_json(layer, accuracy.methods));
  return {{"precision", engine::name_of(of.precision)},
          {"logits", to_json(of.logits)},
          {"changed_classes", accuracy.changed_classes(of)},
          {"pgd10",
           {{"successes", count(of.attack.success)},
            {"same_verdict_as_f32", study::agreeing_attacks(of.attack, accuracy.precisions[0].attack)},
            {"fool_reference_too", transferred(of.attack)}}},
          {"layers", std::move(layers)}};
}

void print_json(const AccuracyCommand& command, const formats::Model& model, const study::Accuracy& accuracy,
                const std::vector<study::InputImage>& pictures, std::uint64_t seed) {
  Json images = Json::array();
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    images.push_back({{"file", pictures[i].file.string()},
                      {"sha256", pictures[i].sha256},
                      {"class_index", accuracy.classes[i]}});
  }
  Json precisions = Json::array();
  for (const auto& of : accuracy.precisions) precisions.push_back(to_json(accuracy, of));
  const Json document = {{"version", 1},
                         {"model", command.model.model},
                         {"model_sha256", model.sha256},
                         {"kernel_table", engine::default_kernel_table().sha256()},
                         {"seed", seed},
                         {"images", std::move(images)},
                         {"precisions", std::move(precisions)}};
  print(document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void measure(const AccuracyCommand& command, const Session& session) {
  auto files = study::list_images(command.pictures);
  if (command.size && static_cast<std::size_t>(*command.size) < files.size())
    files.resize(static_cast<std::size_t>(*command.size));
  const formats::Model model = load(command.model);
  model.require_logits("accuracy");
  std::vector<study::InputImage> pictures;
  for (const auto& file : files) pictures.push_back(study::load_input(file, model.manifest));
  study::Accuracy accuracy;
  {
    ProgressLine progress("measured", session.quiet || command.json);
    accuracy = study::measure_accuracy(model, pictures, {.seed = session.seed}, progress.control());
  }
  model.check_unchanged();
  if (command.json) return print_json(command, model, accuracy, pictures, session.seed);
  std::string text = fmt::format("{}, {} pictures: onednn against the double-precision reference engine\n\n",
                                 command.model.model, pictures.size());
  text += summary(accuracy) + jumps(accuracy, pictures);
  for (const PrecisionAccuracy& of : accuracy.precisions) text += layer_table(accuracy, of);
  print(text);
}

}  // namespace

void add_accuracy(CLI::App& root, Session& session) {
  const auto command = std::make_shared<AccuracyCommand>();
  CLI::App* app = root.add_subcommand(
      "accuracy", "How exact each precision is here, layer by layer, against double precision");
  app->footer(
      "\nErrors are relative L2 norms, of heatmaps 1 - cosine, in each of f32, fast and bf16 that this "
      "machine "
      "has (docs/accuracy.md).\nThe reference engine takes seconds to minutes a picture.\n"
      "Example: faultline accuracy models/vgg16-slim-imagenette.onnx images/imagenette");
  add_model_options(*app, command->model);
  add_pictures(*app, command->pictures);
  app->add_option("--size", command->size, "How many of the pictures, from the first on; default: all")
      ->check(CLI::Range(1, 1000000));
  app->add_flag("--json", command->json, "JSON on stdout (docs/json.md)");
  add_seed_option(*app, session);
  add_common_options(*app, session);
  app->callback(
      [&session, command] { session.action = [&session, command] { measure(*command, session); }; });
}

}  // namespace faultline::cli
