#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "study/analysis.h"

namespace faultline::cli {

// What is made beside the attack, and measured; shared by analyze and study.
struct ResponseChoice {
  std::vector<std::string> heatmaps;
  std::string metrics = "default";
  std::string score = "class";
  std::string pixels = "float";
};

// Adds --heatmap, --score, --metrics and --pixels.
//   default_heatmaps: for the help text.
void add_response_options(CLI::App& command, ResponseChoice& choice, const std::string& default_heatmaps);
// Heatmap methods only where some were chosen. Throws Error{usage} for what does not exist.
void set_response(const ResponseChoice& choice, study::AnalysisOptions& options);

// Adds --control; `defaults` says which are made without it, "gaussian=8 boost=1".
void add_control_option(CLI::App& command, std::vector<std::string>& controls, const std::string& defaults);
// Those of NAME=DRAWS or NAME, or the defaults if none is given; of a control that is given twice the last
// counts: its draws would be the same ones. Throws Error{usage}.
std::vector<Settings> chosen_controls(const std::vector<std::string>& given,
                                      const std::vector<Settings>& defaults);

}  // namespace faultline::cli
