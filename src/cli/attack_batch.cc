#include "cli/attack_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "attack/catalogue.h"
#include "attack/options.h"
#include "attack/parameters.h"
#include "base/error.h"

namespace faultline::cli {

namespace {

using Json = nlohmann::ordered_json;

attack::EpsBracket bracket_of(const Settings& settings) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorKind::usage, "--critical: attack " + settings.name() + " " + why);
  };
  if (!settings.has("eps") || !settings.has("norm")) refuse("has no eps that it could be looked for with");
  if (settings.has("goal") && settings.text("goal") == "boost")
    refuse("with goal=boost has no success to look for");
  const float eps = settings.pixels("eps");
  if (!(eps > 0)) refuse("with eps=0 gives no size to begin with");
  const float most = settings.text("norm") == "linf" ? 1.0F : attack::kLargestL2;
  if (eps > most) refuse("has no eps by default, give one to begin with");
  return {.least = eps / 16, .largest = std::min(16 * eps, most)};
}

std::string in_255(float eps) {
  return fmt::format("{:.3g}/255", static_cast<double>(eps) * 255);
}

std::string note(const attack::CriticalStrength& found) {
  if (!found.eps) return fmt::format(" (eps* above {})", in_255(found.fails_at));
  if (*found.eps == 0) return " (eps* 0: wrong as it is)";
  if (found.fails_at == 0) return fmt::format(" (eps* at most {})", in_255(*found.eps));
  return fmt::format(" (eps* {})", in_255(*found.eps));
}

Json record(const attack::CriticalStrength& found) {
  Json json = {{"eps", nullptr},
               {"fails_at", found.fails_at},
               {"rounds", found.rounds},
               {"forward_passes", found.forward_passes},
               {"backward_passes", found.backward_passes}};
  if (found.eps) json["eps"] = *found.eps;
  return json;
}

// The same picture may come with several labels.
std::vector<std::string> state_keys(const attack::AttackInput& input) {
  std::vector<std::string> keys(input.keys.begin(), input.keys.end());
  for (std::size_t i = 0; i < input.labels.size(); ++i) keys[i] += "-label" + std::to_string(input.labels[i]);
  return keys;
}

}  // namespace

AttackBatch plain_attack(const attack::Attack& attack) {
  return [&attack](engine::Plan& plan, const attack::AttackInput& input, const RunControl& control) {
    std::vector<BatchOutcome> outcomes;
    for (attack::AttackedImage& attacked : attack.run(plan, input, control)) {
      outcomes.push_back({.attacked = std::move(attacked), .note = ""});
    }
    return outcomes;
  };
}

AttackBatch critical_attack(const Settings& settings) {
  const attack::EpsBracket bracket = bracket_of(settings);
  const auto make = [settings](float eps) {
    Settings of_eps = settings;
    of_eps.set("eps", static_cast<double>(eps));
    return attack::make_attack(of_eps);
  };
  return [bracket, make](engine::Plan& plan, const attack::AttackInput& input, const RunControl& control) {
    std::vector<BatchOutcome> outcomes;
    for (attack::CriticalStrength& found : critical_strength(make, bracket, plan, input, control)) {
      Json more = {{"critical", record(found)}};
      std::string line = note(found);
      outcomes.push_back({std::move(found.attacked), std::move(more), std::move(line)});
    }
    return outcomes;
  };
}

ResumableAutoAttack::ResumableAutoAttack(const Settings& settings, std::filesystem::path folder,
                                         const std::string& run_name)
    : store_(std::move(folder), run_name), autoattack_(attack::autoattack_of(settings)) {}

AttackBatch ResumableAutoAttack::attack_batch() {
  return [this](engine::Plan& plan, const attack::AttackInput& input, const RunControl& control) {
    const std::vector<std::string> keys = state_keys(input);
    keys_.insert(keys_.end(), keys.begin(), keys.end());
    attack::AutoAttackState state = store_.load(keys);
    continue_autoattack(autoattack_, plan, input, control, state, [&] { store_.save(keys, state); });
    std::vector<BatchOutcome> outcomes;
    for (attack::AutoAttackImage& image : state) {
      const std::string stage(attack::kAutoAttackStages[static_cast<std::size_t>(image.attacked.restart)]);
      const bool succeeds = image.attacked.adversarial.success;
      outcomes.push_back(
          {std::move(image.attacked), {{"stage", stage}}, succeeds ? " (" + stage + ")" : " (robust)"});
    }
    return outcomes;
  };
}

}  // namespace faultline::cli
