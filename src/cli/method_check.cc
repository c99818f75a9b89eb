#include "cli/method_check.h"

#include <nlohmann/json.hpp>

#include "base/entry_settings.h"
#include "cli/names_option.h"
#include "cli/settings_file.h"
#include "heatmap/methods.h"
#include "study/image_list.h"

namespace faultline::cli {

void add_method_check(CLI::App& command, MethodCheck& given, const std::string& set_help,
                      const std::string& file_help) {
  add_model_options(command, given.model);
  add_pictures(command, given.pictures);
  add_names(command, "--methods", given.methods, heatmap::method_names(), "Methods to check, or all");
  command.add_option("--layer", given.layer, "Where heatmaps of layers live; default: the last one");
  command.add_option("--set", given.assignments, set_help)
      ->allow_extra_args(false)
      ->type_name("NAME.PARAMETER=VALUE");
  command.add_option("--set-file", given.file, file_help)->type_name("FILE");
  command.add_flag("--json", given.json, "JSON on stdout (docs/json.md)");
}

std::vector<Settings> chosen_methods(const MethodCheck& given) {
  std::vector<Settings> entries;
  for (const std::string& name : chosen_names(given.methods, heatmap::method_names()))
    entries.push_back(heatmap::method_settings(name));
  return entries;
}

void set_parameters(const MethodCheck& given, std::vector<Settings>& entries) {
  if (given.file) set_from_file(*given.file, [&](const nlohmann::json& object) { set_all(entries, object); });
  for (const std::string& assignment : given.assignments) set_assignment(entries, assignment);
}

std::vector<study::InputImage> load_pictures(const MethodCheck& given, const formats::Model& model) {
  std::vector<study::InputImage> images;
  for (const auto& file : study::list_images(given.pictures))
    images.push_back(study::load_input(file, model.manifest));
  return images;
}

}  // namespace faultline::cli
