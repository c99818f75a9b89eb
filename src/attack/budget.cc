#include "attack/budget.h"

#include <string>

#include "attack/catalogue.h"
#include "base/error.h"

namespace faultline::attack {

namespace {

std::int64_t passes_of(const Settings& settings) {
  const PassCount most = make_attack(settings)->cost();
  return most.forward + most.backward;
}

[[noreturn]] void refuse(const Settings& settings, std::int64_t passes, const std::string& why) {
  throw Error(ErrorKind::usage, "attack " + settings.name() + " takes up to " +
                                    std::to_string(passes_of(settings)) + " passes a picture, not " +
                                    std::to_string(passes) + ", and " + why);
}

}  // namespace

Settings within_passes(const Settings& settings, std::int64_t passes) {
  if (passes_of(settings) <= passes) return settings;
  const bool has_steps = settings.has("steps");
  const bool has_queries = settings.has("queries");
  if (!has_steps && !has_queries) refuse(settings, passes, "has no number of steps to lower");
  if (has_steps && has_queries) refuse(settings, passes, "has two numbers to lower: set steps and queries");
  const char* const parameter = has_steps ? "steps" : "queries";
  const auto with = [&](int steps) {
    Settings changed = settings;
    changed.set(parameter, steps);
    return changed;
  };
  if (passes_of(with(1)) > passes) refuse(with(1), passes, "fewer than one step is none");
  int fits = 1;
  int exceeds = settings.integer(parameter);
  while (exceeds - fits > 1) {
    const int middle = fits + (exceeds - fits) / 2;
    (passes_of(with(middle)) <= passes ? fits : exceeds) = middle;
  }
  return with(fits);
}

}  // namespace faultline::attack
