#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace faultline::cli {

// Adds an option that takes names out of `known`, with commas between them, or "all", which is the default.
void add_names(CLI::App& command, const std::string& option, std::vector<std::string>& chosen,
               const std::vector<std::string>& known, const std::string& help);

// What was chosen: all of `known` if "all" is among it, else each name once, in the order given.
std::vector<std::string> chosen_names(const std::vector<std::string>& chosen,
                                      const std::vector<std::string>& known);

}  // namespace faultline::cli
