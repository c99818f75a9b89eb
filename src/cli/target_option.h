#pragma once

#include <optional>
#include <string>

#include "attack/target_rule.h"
#include "formats/load_model.h"

namespace faultline::cli {

// What --target names: one class for all pictures, or the rule that finds each picture's.
struct TargetChoice {
  std::optional<int> class_index = std::nullopt;
  std::optional<attack::TargetRule> rule = std::nullopt;
};

// "most-likely", "least-likely", "random", "likely=3" (the class with the third largest clean logit among the
// others), or a class as parse_class takes it. Throws Error{usage}.
TargetChoice parse_target(const std::string& option, const std::string& text, const formats::Model& model);

}  // namespace faultline::cli
