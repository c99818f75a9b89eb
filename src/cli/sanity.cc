#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/entry_settings.h"
#include "cli/commands.h"
#include "cli/method_check.h"
#include "cli/progress.h"
#include "study/measured_json.h"
#include "study/sanity.h"

namespace faultline::cli {

namespace {

using Json = nlohmann::ordered_json;

struct SanityCommandOptions {
  MethodCheck check;
  std::uint64_t seed = 42;
};

std::string number(const compare::Measured& value) {
  return value ? fmt::format("{:8.3f}", *value) : fmt::format("{:>8}", "-");
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

Json json_of(const std::vector<study::SanityResult>& results, const study::SanityOptions& options) {
  Json methods = Json::array();
  for (const study::SanityResult& result : results) {
    Json steps = Json::array();
    for (const study::SanityStep& step : result.steps) {
      steps.push_back({{"layer", step.layer}, {"similarity", study::json_of(step.similarity)}});
    }
    methods.push_back({{"method", result.method},
                       {"upper_half", study::json_of(result.upper_half())},
                       {"whole", study::json_of(result.whole())},
                       {"passes", result.passes()},
                       {"randomised", std::move(steps)}});
  }
  return {{"version", 1},
          {"seed", options.seed},
          {"settings", settings_json(options.methods)},
          {"methods", std::move(methods)}};
}

void check(const SanityCommandOptions& given, const Session& session) {
  study::SanityOptions options{
      .methods = chosen_methods(given.check), .layer = given.check.layer, .seed = given.seed};
  set_parameters(given.check, options.methods);
  const formats::Model model = load(given.check.model);
  const std::vector<study::InputImage> images = load_pictures(given.check, model);
  ProgressLine progress("checked", session.quiet || given.check.json);
  const auto results = study::check_sanity(model, images, *make_engine(session), options, progress.control());
  model.check_unchanged();
  print(given.check.json
            ? json_of(results, options).dump(1, ' ', false, Json::error_handler_t::replace) + "\n"
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
  add_method_check(*command, options->check,
                   "A parameter of a method, as --set smoothgrad.samples=100; may be given several times. "
                   "faultline list heatmaps shows them all",
                   "Parameters as a JSON object, {\"smoothgrad\": {\"samples\": 100}}; --set overrides it");
  command->add_option("--seed", options->seed, "Seed of the random weights")->capture_default_str();
  add_engine_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { check(*options, session); }; });
}

}  // namespace faultline::cli
