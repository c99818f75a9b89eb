#include "control/catalogue.h"

#include <array>
#include <cmath>
#include <string>

#include "base/named.h"
#include "control/boost.h"
#include "control/flip_gaussian.h"
#include "control/gaussian.h"
#include "control/match.h"
#include "control/phase.h"
#include "control/shuffled.h"
#include "control/sign.h"
#include "control/subcritical.h"
#include "control/transfer.h"
#include "control/uniform.h"

namespace faultline::control {

namespace {

constexpr std::array kCatalogue = {
    ControlEntry{"gaussian", "independent normal noise of the same mean and std", 8, Needs::nothing,
                 Scaling::length, &gaussian},
    ControlEntry{"shuffled", "the perturbation with its pixels permuted", 2, Needs::nothing, Scaling::length,
                 &shuffled},
    ControlEntry{"phase", "the perturbation's power spectrum with random phases", 2, Needs::nothing,
                 Scaling::length, &phase},
    ControlEntry{"boost", "the same attack making the class surer, as long", 1, Needs::boost, Scaling::length,
                 &boost},
    ControlEntry{"transfer", "the perturbation of another picture with another answer, as long", 0,
                 Needs::transfer, Scaling::length, &transfer},
    ControlEntry{"flip-gaussian",
                 "the weakest independent normal noise that changes the answer, std up to 0.25", 0,
                 Needs::flips, Scaling::flip, &flip_gaussian},
    ControlEntry{"subcritical", "0.9 of the smallest share of the perturbation that changes the answer", 0,
                 Needs::flips, Scaling::below_flip, &subcritical},
    ControlEntry{"uniform", "independent uniform noise of the same mean and std", 0, Needs::nothing,
                 Scaling::length, &uniform},
    ControlEntry{"sign", "the perturbation with random signs", 0, Needs::nothing, Scaling::length, &sign},
};

// As long as the perturbation.
ControlledImage matched_in_length(const ControlInput& input, DoubleTensorView noise) {
  double squares = 0;
  for (const float d : input.perturbation.values())
    squares += static_cast<double>(d) * static_cast<double>(d);
  Match match = match_length(input.image, noise, std::sqrt(squares));
  return {std::move(match.image), match.scale, match.matched};
}

ControlledImage at_flip(const ControlInput& input, DoubleTensorView noise, double share) {
  require(input.flips != nullptr, "control: a network to ask is missing");
  const FlipScale flip = smallest_flip(input.image, noise, 1, input.flips);
  const double scale = share * flip.scale;
  ControlledImage result{add_scaled(input.image, noise, scale), scale, flip.found};
  if (share < 1 && flip.found) result.matched = !input.flips({&result.image, 1}).front();
  return result;
}

ControlledImage scaled(Scaling scaling, const ControlInput& input, DoubleTensorView noise) {
  if (scaling == Scaling::length) return matched_in_length(input, noise);
  return at_flip(input, noise, scaling == Scaling::flip ? 1 : kSubcriticalShare);
}

}  // namespace

std::span<const ControlEntry> control_catalogue() {
  return kCatalogue;
}

const ControlEntry& find_control(std::string_view name) {
  return named(control_catalogue(), name, "control");
}

ControlledImage make_control(const ControlEntry& entry, const ControlInput& input, std::uint64_t seed,
                             std::string_view key, int draw) {
  require(input.image.shape().rank() == 3 && input.image.shape() == input.perturbation.shape(),
          "control: image and perturbation must be [C,H,W] alike");
  const std::string stream =
      std::string(key) + "/control=" + std::string(entry.name) + "/draw=" + std::to_string(draw);
  const DoubleTensor noise = entry.noise(input, RandomStream(seed, stream));
  ControlledImage result = scaled(entry.scaling, input, noise);
  result.achieved = statistics(difference(result.image, input.image));
  return result;
}

}  // namespace faultline::control
