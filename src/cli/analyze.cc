#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/analyze_run.h"
#include "cli/attack_options.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "heatmap/methods.h"
#include "heatmap/score.h"
#include "study/image_list.h"

namespace faultline::cli {

namespace {

struct AnalyzeOptions {
  ModelOptions model;
  std::vector<std::string> pictures;
  std::vector<std::string> pair;
  std::string output;
  AttackChoice attack;
  std::vector<std::string> controls;
  std::vector<std::string> heatmaps;
  std::string metrics = "default";
  std::string score = "class";
  std::string pixels = "float";
  bool svg = false;
  bool json = false;
};

// "gaussian=8" or "gaussian": a control and its number of draws.
Settings parse_control(const std::string& text) {
  const std::size_t equals = text.find('=');
  Settings settings = control::control_settings(text.substr(0, equals));
  if (equals == std::string::npos) return settings;
  const std::string count = text.substr(equals + 1);
  const bool digits =
      !count.empty() && count.size() <= 4 && count.find_first_not_of("0123456789") == std::string::npos;
  if (!digits)
    throw Error(ErrorKind::usage, "--control " + text + ": expected NAME=DRAWS with 0 to 9999 draws");
  settings.set("draws", count);
  return settings;
}

// Of a control that is given twice the last counts: its draws would be the same ones.
std::vector<Settings> chosen_controls(const std::vector<std::string>& given) {
  if (given.empty()) return study::default_controls();
  std::vector<Settings> controls;
  for (const std::string& text : given) {
    const Settings control = parse_control(text);
    std::erase_if(controls, [&](const Settings& each) { return each.name() == control.name(); });
    controls.push_back(control);
  }
  return controls;
}

// Of the attack, and by name of the controls and metrics.
void set_parameters(const AttackChoice& given, study::AnalysisOptions& options) {
  std::vector<Settings> others = options.controls;
  others.insert(others.end(), options.metrics.begin(), options.metrics.end());
  options.attack = to_settings(given, others);
  const auto first_metric = others.begin() + std::ssize(options.controls);
  options.controls.assign(others.begin(), first_metric);
  options.metrics.assign(first_metric, others.end());
}

study::AnalysisOptions to_analysis_options(const AnalyzeOptions& given, const Session& session) {
  study::AnalysisOptions options;
  options.controls = chosen_controls(given.controls);
  if (given.metrics == "all") {
    options.metrics.clear();
    for (const auto& metric : compare::map_distances())
      options.metrics.push_back(compare::distance_settings(metric.name));
  }
  set_parameters(given.attack, options);
  if (options.attack.has("goal") && options.attack.text("goal") == "targeted")
    options.attack.refuse("goal", "untargeted or boost: analyze has no target");
  options.seed = session.seed;
  options.round_to_8bit = given.pixels == "8bit";
  options.compare.score = heatmap::score(given.score);
  if (!given.heatmaps.empty()) {
    options.compare.methods.clear();
    for (const std::string& name : given.heatmaps)
      options.compare.methods.push_back(heatmap::sweep_method(name));
  }
  return options;
}

void check_inputs(const AnalyzeOptions& given) {
  if (given.pair.empty() == given.pictures.empty()) {
    throw Error(ErrorKind::usage,
                "expected either PICTURES or --pair CLEAN PERTURBED (see faultline analyze --help)");
  }
}

void analyze(const AnalyzeOptions& given, const Session& session) {
  check_inputs(given);
  AnalyzeJob job;
  job.model_file = given.model.model;
  job.model = load(given.model);
  job.options = to_analysis_options(given, session);
  job.output = given.output;
  job.report.svg = given.svg;
  if (given.pair.empty()) {
    job.pictures = study::list_images(given.pictures);
  } else {
    job.pictures = {given.pair[0]};
    job.perturbed = given.pair[1];
  }
  const AnalyzeResult result = run(job, session);
  if (given.json) return print_file(result.json);
  print(fmt::format("{}\nReport: {}\n", result.summary, result.index.string()));
}

}  // namespace

void add_analyze(CLI::App& root, Session& session) {
  const auto options = std::make_shared<AnalyzeOptions>();
  CLI::App* command = root.add_subcommand("analyze",
                                          "The main job: attack pictures, make harmless noise of the same "
                                          "size, compare the network's responses layer by layer");
  command->footer(
      "\nWrites OUT/index.html (start there), OUT/analysis.json (every number; docs/json.md) and "
      "OUT/figures.\n"
      "Example: faultline analyze models/vgg16-slim-imagenette.onnx images/imagenette -o out --eps 2/255");
  add_model_options(*command, options->model);
  command->add_option("PICTURES", options->pictures, "Pictures (JPEG, PNG, WebP, PPM) and folders of them");
  command
      ->add_option(
          "--pair", options->pair,
          "Instead of an attack: a CLEAN picture and a PERTURBED input made elsewhere (a picture of the "
          "network's input size, or .npy float [3,H,W] in [0,1])")
      ->expected(2)
      ->type_name("CLEAN PERTURBED");
  command->add_option("-o,--output", options->output, "Folder for the report")->required();
  add_attack_options(*command, options->attack);
  command->add_option(
      "--control", options->controls,
      "A control as NAME=DRAWS, several times; default gaussian=8 shuffled=2 phase=2 boost=1. Others: "
      "transfer, flip-gaussian, subcritical, uniform, sign. Their parameters: --set NAME.PARAMETER=VALUE, "
      "see "
      "faultline list controls");
  command->add_option("--heatmap", options->heatmaps,
                      "Heatmap methods made in one backward sweep (faultline explain --help), the first is "
                      "drawn; default layercam, "
                      "hirescam, gradcam, gradcam++");
  command->add_option("--score", options->score, "What heatmaps explain: class, margin, own, probability")
      ->capture_default_str();
  command
      ->add_option(
          "--metrics", options->metrics,
          "Distances between heatmaps: default or all. Their parameters: --set NAME.PARAMETER=VALUE, see "
          "faultline list metrics")
      ->check(CLI::IsMember({"default", "all"}))
      ->capture_default_str();
  command
      ->add_option("--pixels", options->pixels,
                   "float: analyse inputs as computed; 8bit: as an 8-bit file holds them")
      ->check(CLI::IsMember({"float", "8bit"}))
      ->capture_default_str();
  command->add_flag("--svg", options->svg, "Heatmap grids as SVG too (large)");
  command->add_flag("--json", options->json, "Print analysis.json on stdout");
  add_engine_option(*command, session);
  add_seed_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { analyze(*options, session); }; });
}

}  // namespace faultline::cli
