#include "findings/eps_words.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "findings/numbers.h"

namespace faultline::findings {

namespace {

// Attacks of one norm only have no such setting; those of L2 say so in their name.
bool is_linf(const store::ConditionRow& condition) {
  const auto settings = nlohmann::json::parse(condition.settings, nullptr, false);
  if (!settings.is_object() || !settings.contains("norm")) return !condition.attack.ends_with("-l2");
  return settings["norm"] == "linf";
}

}  // namespace

std::string eps_words(const store::ConditionRow& condition, const CensoredMedian& eps) {
  if (eps.n == 0) return "-";
  const bool linf = is_linf(condition);
  const auto text = [&](double value) { return number(linf ? value * 255 : value); };
  const std::string unit = linf ? "/255" : "";
  const auto beyond = [&] { return "more than " + (eps.limit ? text(*eps.limit) : "was tried"); };
  std::string words = (eps.value ? text(*eps.value) : beyond()) + unit;
  if (eps.lower)
    words += fmt::format(" ({} to {})", text(*eps.lower), eps.upper ? text(*eps.upper) : beyond());
  return words;
}

}  // namespace faultline::findings
