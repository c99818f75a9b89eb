#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/settings.h"

namespace faultline::cli {

// How a user describes an attack; shared by attack and analyze.
struct AttackChoice {
  std::string attack = "pgd";
  std::optional<std::string> file;  // a JSON object of parameters
  std::optional<std::string> norm;  // short forms of assignments
  std::optional<std::string> eps;
  std::vector<std::string> assignments;  // PARAMETER=VALUE
};

void add_attack_options(CLI::App& command, AttackChoice& choice);

// The file's values, replaced by the short forms', replaced by the assignments'. Throws Error{usage} naming
// the attack, its parameters and what is wrong; Error{io} for a file that cannot be read.
//   others: what takes part beside the attack, if anything does: set by NAME.PARAMETER=VALUE, and in the file
//   by NAME with an object of parameters.
Settings to_settings(const AttackChoice& choice, std::span<Settings> others = {});

}  // namespace faultline::cli
