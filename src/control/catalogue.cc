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

constexpr std::string_view kOurs = "faultline, docs/catalogue.md";

constexpr Parameter kDraws = integer_parameter("draws", "1", 0, 9999, "how many of it are made");
constexpr std::array<std::string_view, 2> kMoments = {"per-channel", "whole-image"};
constexpr Parameter kMatched = choice_parameter("moments", "per-channel", kMoments,
                                                "over what mean and std are those of the perturbation");

constexpr std::array kDrawsOnly = {kDraws};
constexpr std::array kTwoDraws = {with_default(kDraws, "2")};
constexpr std::array kGaussianParameters = {with_default(kDraws, "8"), kMatched};
constexpr std::array kUniformParameters = {kDraws, kMatched};
constexpr std::array kFlipGaussianParameters = {
    kDraws, real_parameter("largest_std", "0.25", 0.001, 1, "the largest that is tried, pixel units")};
constexpr std::array kSubcriticalParameters = {
    kDraws, real_parameter("share", "0.9", 0.01, 0.99, "of the smallest share that changes the answer")};

constexpr std::array kCatalogue = {
    ControlEntry{"gaussian", "independent normal noise of the same mean and std", kOurs, true, Needs::nothing,
                 Scaling::length, kGaussianParameters, &gaussian},
    ControlEntry{"shuffled", "the perturbation with its pixels permuted", kOurs, true, Needs::nothing,
                 Scaling::length, kTwoDraws, &shuffled},
    ControlEntry{"phase", "the perturbation's power spectrum with random phases",
                 "after Theiler et al. 1992, Physica D 58", true, Needs::nothing, Scaling::length, kTwoDraws,
                 &phase},
    ControlEntry{"boost", "the same attack making the class surer, as long", kOurs, true, Needs::boost,
                 Scaling::length, kDrawsOnly, &boost},
    ControlEntry{"transfer", "the perturbation of another picture with another answer, as long", kOurs, false,
                 Needs::transfer, Scaling::length, kDrawsOnly, &transfer},
    ControlEntry{"flip-gaussian", "the weakest independent normal noise that changes the answer", kOurs,
                 false, Needs::flips, Scaling::flip, kFlipGaussianParameters, &flip_gaussian},
    ControlEntry{"subcritical", "a little less of the perturbation than changes the answer", kOurs, false,
                 Needs::flips, Scaling::below_flip, kSubcriticalParameters, &subcritical},
    ControlEntry{"uniform", "independent uniform noise of the same mean and std", kOurs, false,
                 Needs::nothing, Scaling::length, kUniformParameters, &uniform},
    ControlEntry{"sign", "the perturbation with random signs", kOurs, false, Needs::nothing, Scaling::length,
                 kDrawsOnly, &sign},
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
  return at_flip(input, noise, scaling == Scaling::flip ? 1 : input.options.share);
}

}  // namespace

std::span<const ControlEntry> control_catalogue() {
  return kCatalogue;
}

const ControlEntry& find_control(std::string_view name) {
  return named(control_catalogue(), name, "control");
}

Settings control_settings(std::string_view name) {
  const ControlEntry& entry = find_control(name);
  return {"control", entry.name, entry.parameters};
}

ControlOptions control_options(const Settings& settings) {
  ControlOptions options;
  if (settings.has("moments") && settings.text("moments") == "whole-image")
    options.moments = Moments::whole_image;
  if (settings.has("largest_std")) options.largest_std = settings.real("largest_std");
  if (settings.has("share")) options.share = settings.real("share");
  return options;
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
