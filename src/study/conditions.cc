#include "study/conditions.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "attack/minimal_parameters.h"
#include "base/error.h"

namespace faultline::study {

namespace {

// An attack of one norm has no such parameter; L2 stands in its name.
bool is_linf(const Settings& attack) {
  if (attack.has("norm")) return attack.text("norm") == "linf";
  return !attack.name().ends_with("-l2");
}

Settings with_eps(Settings attack, float eps) {
  attack.set("eps", static_cast<double>(eps));
  return attack;
}

}  // namespace

std::string_view name_of(Regime regime) {
  switch (regime) {
    case Regime::critical:
      return "critical";
    case Regime::doubled:
      return "double";
    case Regime::fixed:
      return "fixed";
    case Regime::given:
      return "given";
  }
  require(false, "no such regime");
  return "";
}

store::ConditionRow Condition::row() const {
  store::ConditionRow row{.condition = number,
                          .network = network,
                          .attack_number = attack_number,
                          .regime = std::string(name_of(regime))};
  if (regime == Regime::given) {
    row.name = row.attack = "given";
    if (network > 0) row.name += fmt::format(" (twin {})", network);
    row.settings = "{}";
    return row;
  }
  row.attack = attack.name();
  row.settings = attack.json().dump();
  row.name = attack.name();
  if (regime == Regime::critical) row.name += " at eps*";
  if (regime == Regime::doubled) row.name += " at 2 eps*";
  if (eps) {
    row.eps = *eps;
    row.name += " at " + eps_text(attack, *eps);
  }
  if (network > 0) row.name += fmt::format(" (twin {})", network);
  return row;
}

bool takes_eps(const Settings& attack) {
  return attack.has("eps") && static_cast<double>(attack.pixels("eps")) < attack::kNoLimit;
}

attack::EpsBracket eps_bracket(const Settings& attack) {
  if (is_linf(attack)) return {.least = 0.25F / 255, .largest = 64.0F / 255};
  return {.least = 1.0F / 16, .largest = 64};
}

std::string eps_text(const Settings& attack, float eps) {
  if (!is_linf(attack)) return fmt::format("{:.4g}", eps);
  const float levels = eps * 255;
  const bool whole = std::abs(levels - std::round(levels)) < 1e-3F;
  return whole ? fmt::format("{:.0f}/255", levels) : fmt::format("{:.4g}", eps);
}

std::vector<Condition> conditions_of(std::span<const StudiedAttack> attacks, std::int64_t network,
                                     std::int64_t first_number) {
  std::vector<Condition> conditions;
  for (std::size_t place = 0; place < attacks.size(); ++place) {
    const auto& [attack, regimes] = attacks[place];
    const std::size_t first = conditions.size();
    const auto add = [&, place, &settings = attack](Regime regime, std::optional<float> eps) {
      conditions.push_back({.number = first_number + std::ssize(conditions),
                            .network = network,
                            .attack_number = static_cast<std::int64_t>(place),
                            .attack = eps ? with_eps(settings, *eps) : settings,
                            .regime = regime,
                            .eps = eps});
    };
    if (!takes_eps(attack)) {
      add(Regime::fixed, std::nullopt);
    } else {
      if (regimes.critical) add(Regime::critical, std::nullopt);
      if (regimes.doubled) add(Regime::doubled, std::nullopt);
      if (regimes.fixed) {
        std::vector<float> eps = regimes.eps;
        if (eps.empty()) eps = {attack.pixels("eps")};
        for (const float each : eps) add(Regime::fixed, each);
      }
    }
    if (conditions.size() == first)
      throw Error(ErrorKind::usage, "attack " + attack.name() + " is left no strength to be made at");
    Condition* main = &conditions[first];
    for (std::size_t i = first; i < conditions.size(); ++i) {
      if (conditions[i].regime == Regime::doubled) main = &conditions[i];
      if (main->regime != Regime::doubled && conditions[i].regime == Regime::fixed) main = &conditions[i];
    }
    main->is_main = true;
  }
  return conditions;
}

Condition given_condition(std::int64_t network) {
  return {.number = network,
          .network = network,
          .attack = Settings("attack", "given", {}),
          .regime = Regime::given,
          .is_main = true};
}

}  // namespace faultline::study
