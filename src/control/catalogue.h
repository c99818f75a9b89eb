#pragma once

#include <span>
#include <string_view>

#include "base/settings.h"
#include "control/control.h"

namespace faultline::control {

// What a control needs beside the perturbation: a member of ControlInput.
enum class Needs { nothing, boost, transfer, flips };

// How a noise n is scaled to clip(x + s n).
enum class Scaling {
  length,      // as long as the perturbation (match_length)
  flip,        // s <= 1 the smallest that flips (smallest_flip); matched if one does
  below_flip,  // a share of that (ControlOptions::share); matched if one does, and this does not
};

struct ControlEntry {
  std::string_view name;
  std::string_view summary;  // one line, for help texts
  std::string_view source;
  bool by_default;  // or made on request only
  Needs needs;
  Scaling scaling;
  std::span<const Parameter> parameters;  // the first is `draws`
  NoiseFunction noise;
};

// The controls that exist: adding one is adding its line in catalogue.cc (and its file).
std::span<const ControlEntry> control_catalogue();
// Throws Error{usage} listing the names if there is none of this name.
const ControlEntry& find_control(std::string_view name);

// Settings of the control's parameters, none given. Throws Error{usage} for an unknown control.
Settings control_settings(std::string_view name);
// What they say of one draw; what the control does not have keeps its default.
ControlOptions control_options(const Settings& settings);

// One draw of a control: its noise from the stream "<key>/control=<name>/draw=<draw>", scaled by its rule.
// Key as for attacks: the SHA-256 of the image file and what else names the perturbation. Throws
// ContractError if shapes differ.
ControlledImage make_control(const ControlEntry& entry, const ControlInput& input, std::uint64_t seed,
                             std::string_view key, int draw);

}  // namespace faultline::control
