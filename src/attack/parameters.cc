#include "attack/parameters.h"

#include <algorithm>
#include <span>

namespace faultline::attack {

namespace {

// The enumerator whose name is the value of a parameter.
template <class Enum>
Enum read(const Settings& settings, std::string_view parameter, std::span<const std::string_view> names) {
  const auto found = std::ranges::find(names, settings.text(parameter));
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

double default_eps(const Settings& settings) {
  return settings.text("norm") == "l2" ? 1 : static_cast<double>(4.0F / 255);
}

Norm chosen_norm(const Settings& settings) {
  return read<Norm>(settings, "norm", kNormNames);
}

Goal chosen_goal(const Settings& settings) {
  return read<Goal>(settings, "goal", kGoalNames);
}

Ball ball_of(const Settings& settings) {
  const Ball ball{chosen_norm(settings), settings.pixels("eps")};
  if (ball.norm == Norm::linf && ball.eps > 1) settings.refuse("eps", "at most 1 for linf");
  return ball;
}

Objective objective_of(const Settings& settings) {
  return {chosen_goal(settings), read<Loss>(settings, "loss", kLossNames)};
}

}  // namespace faultline::attack
