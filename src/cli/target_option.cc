#include "cli/target_option.h"

#include <charconv>
#include <string_view>

#include "base/error.h"
#include "cli/class_option.h"

namespace faultline::cli {

namespace {

using Kind = attack::TargetRule::Kind;

constexpr std::string_view kLikely = "likely=";

int rank_of(const std::string& option, const std::string& text, const formats::Model& model) {
  const std::string_view number = std::string_view(text).substr(kLikely.size());
  int rank = 0;
  const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), rank);
  if (code == std::errc{} && end == number.data() + number.size() && rank >= 1 && rank < model.classes)
    return rank;
  throw Error(ErrorKind::usage, option + " " + text +
                                    ": expected a rank of 1, the most likely other class, to " +
                                    std::to_string(model.classes - 1));
}

}  // namespace

TargetChoice parse_target(const std::string& option, const std::string& text, const formats::Model& model) {
  if (text == "most-likely") return {.rule = attack::TargetRule{}};
  if (text == "least-likely") return {.rule = attack::TargetRule{.kind = Kind::least_likely}};
  if (text == "random") return {.rule = attack::TargetRule{.kind = Kind::random}};
  if (text.starts_with(kLikely)) return {.rule = attack::TargetRule{.rank = rank_of(option, text, model)}};
  return {.class_index = parse_class(option, text, model)};
}

}  // namespace faultline::cli
