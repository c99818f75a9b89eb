#include "cli/response_options.h"

#include "base/error.h"
#include "compare/catalogue.h"
#include "control/catalogue.h"
#include "heatmap/methods.h"
#include "heatmap/score.h"

namespace faultline::cli {

namespace {

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

}  // namespace

void add_response_options(CLI::App& command, ResponseChoice& choice, const std::string& default_heatmaps) {
  command.add_option("--heatmap", choice.heatmaps,
                     "Heatmap methods made in one backward sweep (faultline explain --help), the first is "
                     "drawn; default " +
                         default_heatmaps);
  command.add_option("--score", choice.score, "What heatmaps explain: class, margin, own, probability")
      ->capture_default_str();
  command
      .add_option(
          "--metrics", choice.metrics,
          "Distances between heatmaps: default or all. Their parameters: --set NAME.PARAMETER=VALUE, see "
          "faultline list metrics")
      ->check(CLI::IsMember({"default", "all"}))
      ->capture_default_str();
  command
      .add_option("--pixels", choice.pixels,
                  "float: analyse inputs as computed; 8bit: as an 8-bit file holds them")
      ->check(CLI::IsMember({"float", "8bit"}))
      ->capture_default_str();
}

void set_response(const ResponseChoice& choice, study::AnalysisOptions& options) {
  if (choice.metrics == "all") {
    options.metrics.clear();
    for (const auto& metric : compare::map_distances())
      options.metrics.push_back(compare::distance_settings(metric.name));
  }
  options.round_to_8bit = choice.pixels == "8bit";
  options.compare.score = heatmap::score(choice.score);
  if (choice.heatmaps.empty()) return;
  options.compare.methods.clear();
  for (const std::string& name : choice.heatmaps)
    options.compare.methods.push_back(heatmap::sweep_method(name));
}

void add_control_option(CLI::App& command, std::vector<std::string>& controls, const std::string& defaults) {
  command.add_option("--control", controls,
                     "A control as NAME=DRAWS, several times; default " + defaults +
                         ". There are also transfer, flip-gaussian, subcritical, uniform, sign. Their "
                         "parameters: --set NAME.PARAMETER=VALUE, see faultline list controls");
}

std::vector<Settings> chosen_controls(const std::vector<std::string>& given,
                                      const std::vector<Settings>& defaults) {
  if (given.empty()) return defaults;
  std::vector<Settings> controls;
  for (const std::string& text : given) {
    const Settings control = parse_control(text);
    std::erase_if(controls, [&](const Settings& each) { return each.name() == control.name(); });
    controls.push_back(control);
  }
  return controls;
}

}  // namespace faultline::cli
