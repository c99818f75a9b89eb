#include "cli/attack_options.h"

#include <nlohmann/json.hpp>

#include "attack/catalogue.h"
#include "base/entry_settings.h"
#include "cli/settings_file.h"

namespace faultline::cli {

void add_attack_options(CLI::App& command, AttackChoice& choice) {
  std::vector<std::string> names;
  std::string summary;
  for (const attack::AttackEntry& entry : attack::attack_catalogue()) {
    names.emplace_back(entry.name);
    summary += "\n  " + std::string(entry.name) + ": " + std::string(entry.summary);
  }
  const std::string group = "Attack";
  command.add_option("--attack", choice.attack, "The attack:" + summary)
      ->check(CLI::IsMember(names))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--norm", choice.norm,
                  "How the perturbation is measured: linf (largest value) or l2 (length). --set norm=...")
      ->group(group);
  command
      .add_option(
          "--eps", choice.eps,
          "How large it may be, in pixel units [0,1]: 8/255 or 0.03; default 4/255 (l2: 1). --set eps=...")
      ->group(group);
  command
      .add_option("--set", choice.assignments,
                  "Any parameter of the attack, as --set step_size=2/255; may be given several times. "
                  "faultline list attacks shows them all")
      ->allow_extra_args(false)
      ->type_name("PARAMETER=VALUE")
      ->group(group);
  command
      .add_option(
          "--set-file", choice.file,
          "Parameters as a JSON object, {\"steps\": 20, \"step_size\": \"2/255\"}; --set overrides it")
      ->type_name("FILE")
      ->group(group);
}

namespace {

void set_from_object(const nlohmann::json& object, Settings& attack, std::span<Settings> others) {
  if (others.empty() || !object.is_object()) {
    attack.set_all(object);
    return;
  }
  nlohmann::json of_attack = nlohmann::json::object();
  nlohmann::json of_others = nlohmann::json::object();
  for (const auto& [key, value] : object.items()) (value.is_object() ? of_others : of_attack)[key] = value;
  attack.set_all(of_attack);
  set_all(others, of_others);
}

}  // namespace

Settings to_settings(const AttackChoice& choice, std::span<Settings> others) {
  Settings settings = attack::attack_settings(choice.attack);
  if (choice.file)
    set_from_file(*choice.file,
                  [&](const nlohmann::json& object) { set_from_object(object, settings, others); });
  if (choice.norm) settings.set("norm", *choice.norm);
  if (choice.eps) settings.set("eps", *choice.eps);
  for (const std::string& assignment : choice.assignments) {
    if (!others.empty() && names_entry(assignment)) {
      set_assignment(others, assignment);
    } else {
      settings.set_assignment(assignment);
    }
  }
  return settings;
}

}  // namespace faultline::cli
