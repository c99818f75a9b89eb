#include "findings/eps_words.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "findings/numbers.h"

namespace faultline::findings {

// Attacks of one norm only have no such setting; those of L2 say so in their name.
bool eps_in_255ths(const store::ConditionRow& condition) {
  const auto settings = nlohmann::json::parse(condition.settings, nullptr, false);
  if (!settings.is_object() || !settings.contains("norm")) return !condition.attack.ends_with("-l2");
  return settings["norm"] == "linf";
}

std::string eps_words(const store::ConditionRow& condition, const CensoredMedian& eps) {
  if (eps.n == 0) return "-";
  const bool linf = eps_in_255ths(condition);
  const auto in_unit = [&](double value) { return number(linf ? value * 255 : value); };
  const auto text = [&](double value) { return (eps.at_most(value) ? "at most " : "") + in_unit(value); };
  const std::string unit = linf ? "/255" : "";
  const auto beyond = [&] { return "more than " + (eps.limit ? in_unit(*eps.limit) : "was tried"); };
  std::string words = (eps.value ? text(*eps.value) : beyond()) + unit;
  if (eps.upper && eps.at_most(*eps.upper)) return words;
  if (eps.lower)
    words += fmt::format(" ({} to {})", text(*eps.lower), eps.upper ? text(*eps.upper) : beyond());
  return words;
}

}  // namespace faultline::findings
