#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/model_options.h"
#include "cli/names_option.h"
#include "cli/progress.h"
#include "heatmap/methods.h"
#include "study/image_list.h"
#include "study/sanity.h"

namespace faultline::cli {

namespace {

using Json = nlohmann::ordered_json;

struct SanityCommandOptions {
  ModelOptions model;
  std::vector<std::string> pictures;
  std::vector<std::string> methods;
  std::string layer;
  std::uint64_t seed = 42;
  bool json = false;
};

std::string number(const compare::Measured& value) {
  return value ? fmt::format("{:8.3f}", *value) : fmt::format("{:>8}", "-");
}

Json json_of(const compare::Measured& value) {
  return value ? Json(*value) : Json(nullptr);
}

std::string table_of(const std::vector<study::SanityResult>& results) {
  std::string text = fmt::format("{:<22} {:>8} {:>8} {:>8}\n", "method", "last", "upper", "all");
  for (const study::SanityResult& result : results) {
    text += fmt::format("{:<22} {} {} {}  {}\n", result.method, number(result.steps.front().mean()),
                        number(result.upper_half()), number(result.whole()),
                        result.passes() ? "passes" : "fails");
  }
  return text + fmt::format(
                    "Spearman's correlation of |map| with that of the network whose last layer, upper "
                    "half of the layers,\nor all layers have random weights; passes: upper and all "
                    "below {}.\n",
                    study::kLargestSimilarity);
}

Json json_of(const std::vector<study::SanityResult>& results) {
  Json methods = Json::array();
  for (const study::SanityResult& result : results) {
    Json steps = Json::array();
    for (const study::SanityStep& step : result.steps) {
      Json similarity = Json::array();
      for (const compare::Measured& each : step.similarity) similarity.push_back(json_of(each));
      steps.push_back({{"layer", step.layer}, {"similarity", std::move(similarity)}});
    }
    methods.push_back({{"method", result.method},
                       {"upper_half", json_of(result.upper_half())},
                       {"whole", json_of(result.whole())},
                       {"passes", result.passes()},
                       {"randomised", std::move(steps)}});
  }
  return {{"version", 1}, {"methods", std::move(methods)}};
}

void check(const SanityCommandOptions& given, const Session& session) {
  const formats::Model model = load(given.model);
  std::vector<study::InputImage> images;
  for (const auto& file : study::list_images(given.pictures))
    images.push_back(study::load_input(file, model.manifest));
  const study::SanityOptions options{.methods = chosen_names(given.methods, heatmap::method_names()),
                                     .layer = given.layer,
                                     .seed = given.seed};
  ProgressLine progress("checked", session.quiet || given.json);
  const auto results = study::check_sanity(model, images, *make_engine(session), options, progress.control());
  model.check_unchanged();
  print(given.json ? json_of(results).dump(1, ' ', false, Json::error_handler_t::replace) + "\n"
                   : table_of(results));
}

}  // namespace

void add_sanity(CLI::App& root, Session& session) {
  const auto options = std::make_shared<SanityCommandOptions>();
  CLI::App* command = root.add_subcommand(
      "sanity", "Whether heatmaps depend on the network's weights: the parameter-randomisation check");
  command->footer(
      "\nDraws the weights of convolutions and dense layers anew, from the output down, one more at a time, "
      "and "
      "compares\neach method's map of the clean prediction with the one it had before.\n"
      "Example: faultline sanity models/squeezenet1.0.onnx images/street --methods layercam,guided-backprop");
  add_model_options(*command, options->model);
  add_pictures(*command, options->pictures);
  add_names(*command, "--methods", options->methods, heatmap::method_names(), "Methods to check, or all");
  command->add_option("--layer", options->layer, "Where heatmaps of layers live; default: the last one");
  command->add_option("--seed", options->seed, "Seed of the random weights")->capture_default_str();
  command->add_flag("--json", options->json, "JSON on stdout (docs/json.md)");
  add_engine_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { check(*options, session); }; });
}

}  // namespace faultline::cli
