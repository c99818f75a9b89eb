#include "control/catalogue.h"

#include <array>
#include <cmath>
#include <string>

#include "base/named.h"
#include "control/boost.h"
#include "control/gaussian.h"
#include "control/match.h"
#include "control/phase.h"
#include "control/shuffled.h"
#include "control/sign.h"
#include "control/uniform.h"

namespace faultline::control {

namespace {

constexpr std::array kCatalogue = {
    ControlEntry{"gaussian", "independent normal noise of the same mean and std", 8, false, &gaussian},
    ControlEntry{"shuffled", "the perturbation with its pixels permuted", 2, false, &shuffled},
    ControlEntry{"phase", "the perturbation's power spectrum with random phases", 2, false, &phase},
    ControlEntry{"boost", "the same attack making the class surer, as long", 1, true, &boost},
    ControlEntry{"uniform", "independent uniform noise of the same mean and std", 0, false, &uniform},
    ControlEntry{"sign", "the perturbation with random signs", 0, false, &sign},
};

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
  double squares = 0;
  for (const float d : input.perturbation.values())
    squares += static_cast<double>(d) * static_cast<double>(d);
  Match match = match_length(input.image, noise, std::sqrt(squares));
  ControlledImage result{std::move(match.image), match.scale, match.matched};
  result.achieved = statistics(difference(result.image, input.image));
  return result;
}

}  // namespace faultline::control
