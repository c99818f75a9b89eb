#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "attack/options.h"

namespace faultline::cli {

// How a user describes an attack; shared by attack and analyze.
struct AttackChoice {
  std::string attack = "pgd";
  std::string norm = "linf";
  std::string eps = "4/255";
  std::optional<int> steps;
  std::optional<std::string> step_size;
  std::optional<bool> random_start;
  std::optional<int> restarts;
  bool early_stop = false;
};

void add_attack_options(CLI::App& command, AttackChoice& choice);

// Throws Error{usage} naming an eps or step size that is none.
attack::AttackOptions to_attack_options(const AttackChoice& choice);

}  // namespace faultline::cli
