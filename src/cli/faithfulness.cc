#include "study/faithfulness.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/entry_settings.h"
#include "cli/commands.h"
#include "cli/method_check.h"
#include "cli/names_option.h"
#include "cli/progress.h"
#include "study/engine_json.h"
#include "study/measured_json.h"
#include "study/words.h"

namespace faultline::cli {

namespace {

using Json = nlohmann::ordered_json;

struct FaithfulnessCommandOptions {
  MethodCheck check;
  std::vector<std::string> measures;
};

std::vector<std::string> measure_names() {
  std::vector<std::string> names;
  for (const auto& measure : compare::faithfulness_measures()) names.emplace_back(measure.name);
  return names;
}

study::FaithfulnessOptions to_options(const FaithfulnessCommandOptions& given, const Session& session) {
  std::vector<Settings> entries = chosen_methods(given.check);  // and then measures
  const auto methods = std::ssize(entries);
  for (const std::string& name : chosen_names(given.measures, measure_names()))
    entries.push_back(compare::measure_settings(name));
  set_parameters(given.check, entries);
  const auto first_measure = entries.begin() + methods;
  std::for_each(first_measure, entries.end(), compare::measure_options);  // refuses before any work is done
  return {.methods = {entries.begin(), first_measure},
          .measures = {first_measure, entries.end()},
          .layer = given.check.layer,
          .seed = session.seed};
}

// A finished run, and what it was of.
struct Run {
  const FaithfulnessCommandOptions& given;
  const study::FaithfulnessOptions& options;
  const formats::Model& model;
  const std::vector<study::InputImage>& images;
  const engine::Engine& engine;
  study::Faithfulness result;
};

std::string pictures_of(const study::MethodFaithfulness& method, std::int64_t all) {
  const std::int64_t measured = method.images(0);
  return measured == all ? fmt::format("{}", all) : fmt::format("{} of {}", measured, all);
}

std::string table_of(const Run& run) {
  std::string text = fmt::format("{:<22}", "method");
  for (const Settings& measure : run.options.measures) text += fmt::format(" {:>12}", measure.name());
  text += "  pictures\n";
  for (const study::MethodFaithfulness& method : run.result.methods) {
    text += fmt::format("{:<22}", method.method);
    for (std::size_t m = 0; m < run.options.measures.size(); ++m) {
      const compare::Measured mean = method.mean(m);
      text += mean ? fmt::format(" {:>12.3f}", *mean) : fmt::format(" {:>12}", "-");
    }
    text += "  " + pictures_of(method, std::ssize(run.images)) + "\n";
  }
  text += "\nMeans over the pictures of which a method's map is not the same everywhere.\n";
  for (const Settings& measure : run.options.measures) {
    text +=
        fmt::format("{}: {}\n", measure.name(), compare::faithfulness_measure(measure.name()).description);
  }
  return text +
         fmt::format(
             "{}, {}: what chance gives, a random value for every pixel, or for every cell of the layer "
             "that heatmaps live at\n",
             study::kRandomMap, study::kCoarseRandomMap);
}

Json json_of(const study::MethodFaithfulness& method, const std::vector<Settings>& measures) {
  Json list = Json::array();
  for (std::size_t m = 0; m < measures.size(); ++m) {
    list.push_back({{"measure", measures[m].name()},
                    {"mean", study::json_of(method.mean(m))},
                    {"images", method.images(m)},
                    {"values", study::json_of(method.values[m])}});
  }
  return {{"method", method.method}, {"measures", std::move(list)}};
}

Json measures_json(const std::vector<Settings>& measures) {
  Json list = Json::array();
  for (const Settings& each : measures) {
    const auto& measure = compare::faithfulness_measure(each.name());
    list.push_back({{"measure", measure.name},
                    {"meaning", measure.description},
                    {"large_is_good", measure.large_is_good}});
  }
  return list;
}

Json images_json(const Run& run) {
  Json list = Json::array();
  for (std::size_t i = 0; i < run.images.size(); ++i) {
    const int predicted = run.result.classes[i];
    list.push_back({{"file", run.images[i].file.string()},
                    {"sha256", run.images[i].sha256},
                    {"class_index", predicted},
                    {"label", study::class_name(run.model.manifest, predicted)}});
  }
  return list;
}

Json json_of(const Run& run) {
  std::vector<Settings> entries = run.options.methods;
  entries.insert(entries.end(), run.options.measures.begin(), run.options.measures.end());
  Json methods = Json::array();
  for (const study::MethodFaithfulness& method : run.result.methods)
    methods.push_back(json_of(method, run.options.measures));
  return {{"version", 1},
          {"model", run.given.check.model.model},
          {"model_sha256", run.model.sha256},
          {"engine", study::engine_json(run.engine)},
          {"seed", run.options.seed},
          {"layer", run.result.layer.empty() ? Json(nullptr) : Json(run.result.layer)},
          {"settings", settings_json(entries)},
          {"measures", measures_json(run.options.measures)},
          {"images", images_json(run)},
          {"methods", std::move(methods)}};
}

void check(const FaithfulnessCommandOptions& given, const Session& session) {
  const study::FaithfulnessOptions options = to_options(given, session);
  const formats::Model model = load(given.check.model);
  const std::vector<study::InputImage> images = load_pictures(given.check, model);
  const auto engine = make_engine(session);
  ProgressLine progress("checked", session.quiet || given.check.json);
  const Run run{given,  options, model,
                images, *engine, check_faithfulness(model, images, *engine, options, progress.control())};
  model.check_unchanged();
  print(given.check.json ? json_of(run).dump(1, ' ', false, Json::error_handler_t::replace) + "\n"
                         : table_of(run));
}

}  // namespace

void add_faithfulness(CLI::App& root, Session& session) {
  const auto options = std::make_shared<FaithfulnessCommandOptions>();
  CLI::App* command =
      root.add_subcommand("faithfulness", "Whether what heatmaps show is what the network uses");
  command->footer(
      "\nChanges pictures by each method's map of the clean prediction, and watches the prediction's "
      "probability: insertion and\ndeletion, average drop, increase in confidence, ROAD; beside a random "
      "map. "
      "faultline list metrics says more.\n"
      "Example: faultline faithfulness models/squeezenet1.0.onnx images/street --methods layercam,gradient");
  add_method_check(*command, options->check,
                   "A parameter of a measure or method, as --set deletion.steps=50 or --set "
                   "smoothgrad.samples=100; may be\ngiven several times. faultline list metrics and list "
                   "heatmaps show them all",
                   "Parameters as a JSON object, {\"deletion\": {\"steps\": 50}}; --set overrides it");
  add_names(*command, "--measures", options->measures, measure_names(), "What to measure, or all");
  add_seed_option(*command, session);
  add_engine_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { check(*options, session); }; });
}

}  // namespace faultline::cli
