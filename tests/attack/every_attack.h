#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "attack/catalogue.h"
#include "networks.h"

namespace faultline::attack::test {

// Every attack of the catalogue with few steps, and a plan of small_network() that observes what it needs.
inline void for_every_attack(const std::function<void(const Attack& attack, engine::Plan& plan)>& use) {
  for (const AttackEntry& entry : attack_catalogue()) {
    Settings settings = attack_settings(entry.name);
    if (settings.has("steps")) settings.set("steps", 12);
    if (settings.has("queries")) settings.set("queries", 12);
    if (settings.has("binary_steps")) settings.set("binary_steps", 3).set("initial_weight", 10);
    const auto attack = make_attack(settings);
    const net::Graph graph = small_network();
    const auto plan = engine::make_engine("reference")->compile(graph, {.observed = attack->observed(graph)});
    use(*attack, *plan);
  }
}

}  // namespace faultline::attack::test
