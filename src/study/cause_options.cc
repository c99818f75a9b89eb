#include "study/cause_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace faultline::study {

namespace {

struct CauseName {
  std::string_view name;
  bool CauseOptions::*wanted;
};
constexpr CauseName kCauses[] = {
    {"gates", &CauseOptions::gates},         {"dose", &CauseOptions::dose},
    {"direction", &CauseOptions::direction}, {"subset", &CauseOptions::subset},
    {"restore", &CauseOptions::restore},     {"branches", &CauseOptions::branches}};

}  // namespace

std::vector<std::string_view> cause_names() {
  std::vector<std::string_view> names;
  for (const CauseName& each : kCauses) names.push_back(each.name);
  return names;
}

CauseOptions parse_causes(std::string_view text) {
  CauseOptions options;
  if (text == "all") return options;
  for (const CauseName& each : kCauses) options.*each.wanted = false;
  if (text == "none") return options;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    const auto* found = std::ranges::find(kCauses, name, &CauseName::name);
    if (found == std::end(kCauses)) {
      throw Error(ErrorKind::usage, fmt::format("'{}' is no test of causes, expected all, none or some of {}",
                                                name, fmt::join(cause_names(), ",")));
    }
    options.*found->wanted = true;
    if (comma == std::string_view::npos) return options;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace faultline::study
