#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "attack/attack.h"
#include "engine/engine.h"

namespace faultline::oracles {

// Results of attacks on the network and images of attack_cases() (stored.h) that an independent script
// stored: tests/data/oracles/FOLDER/index.json has `cases`, each with `images`, the file of the points
// [N,3,H,W].

// Attacks the images as the case says. The index holds what cases share.
using RunStored = std::function<std::vector<attack::AttackedImage>(
    const nlohmann::json& index, const nlohmann::json& entry, engine::Plan& plan, attack::AttackInput input)>;
// What else is stored of the case's i-th image.
using CheckStored =
    std::function<void(const nlohmann::json& entry, std::size_t i, const attack::AttackedImage& found)>;

// Runs all cases, of which there are to be so many, on both engines; no value of a point may be further than
// `tolerance` from the stored one.
void expect_stored_results(const std::string& folder, std::size_t cases, double tolerance,
                           const RunStored& run, const CheckStored& check);

}  // namespace faultline::oracles
