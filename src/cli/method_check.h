#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/settings.h"
#include "cli/model_options.h"
#include "study/input_image.h"

namespace faultline::cli {

// What the commands that check heatmap methods on pictures share: MODEL PICTURES --methods --layer --set
// --set-file --json.
struct MethodCheck {
  ModelOptions model;
  std::vector<std::string> pictures;
  std::vector<std::string> methods;
  std::string layer;                     // where heatmaps of layers live; the last if empty
  std::optional<std::string> file;       // a JSON object of objects of parameters
  std::vector<std::string> assignments;  // NAME.PARAMETER=VALUE
  bool json = false;
};

// set_help, file_help: of the options --set and --set-file, with an example.
void add_method_check(CLI::App& command, MethodCheck& given, const std::string& set_help,
                      const std::string& file_help);

// The chosen methods with their own parameters. Throws Error{usage} for unknown ones.
std::vector<Settings> chosen_methods(const MethodCheck& given);

// Sets what --set-file and then --set say. Throws Error{usage}, Error{io}.
void set_parameters(const MethodCheck& given, std::vector<Settings>& entries);

// The pictures, ready for the network. Throws Error{image}.
std::vector<study::InputImage> load_pictures(const MethodCheck& given, const formats::Model& model);

}  // namespace faultline::cli
