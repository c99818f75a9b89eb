#include "cli/names_option.h"

#include <algorithm>

namespace faultline::cli {

void add_names(CLI::App& command, const std::string& option, std::vector<std::string>& chosen,
               const std::vector<std::string>& known, const std::string& help) {
  std::vector<std::string> names = {"all"};
  names.insert(names.end(), known.begin(), known.end());
  chosen = {"all"};
  command.add_option(option, chosen, help)
      ->delimiter(',')
      ->allow_extra_args(false)  // else it would take the pictures that follow it
      ->check(CLI::IsMember(names))
      ->capture_default_str();
}

std::vector<std::string> chosen_names(const std::vector<std::string>& chosen,
                                      const std::vector<std::string>& known) {
  if (std::ranges::count(chosen, "all") > 0) return known;
  std::vector<std::string> names;
  for (const std::string& name : chosen) {
    if (std::ranges::count(names, name) == 0) names.push_back(name);
  }
  return names;
}

}  // namespace faultline::cli
