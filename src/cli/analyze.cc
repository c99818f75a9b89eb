#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/analyze_run.h"
#include "cli/attack_options.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/response_options.h"
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
  ResponseChoice response;
  bool svg = false;
  bool json = false;
};

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
  options.controls = chosen_controls(given.controls, study::default_controls());
  set_response(given.response, options);
  set_parameters(given.attack, options);
  if (options.attack.has("goal") && options.attack.text("goal") == "targeted")
    options.attack.refuse("goal", "untargeted or boost: analyze has no target");
  options.seed = session.seed;
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
  add_control_option(*command, options->controls, "gaussian=8 shuffled=2 phase=2 boost=1");
  add_response_options(*command, options->response, "layercam, hirescam, gradcam, gradcam++");
  command->add_flag("--svg", options->svg, "Heatmap grids as SVG too (large)");
  command->add_flag("--json", options->json, "Print analysis.json on stdout");
  add_engine_option(*command, session);
  add_seed_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { analyze(*options, session); }; });
}

}  // namespace faultline::cli
