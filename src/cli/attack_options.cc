#include "cli/attack_options.h"

#include "attack/catalogue.h"
#include "attack/eps.h"
#include "base/error.h"

namespace faultline::cli {

namespace {

float parse(const char* option, const std::string& text, float largest) {
  try {
    return attack::parse_pixels(text, largest);
  } catch (const Error& error) {
    throw Error(error.kind(), std::string(option) + ": " + error.what());
  }
}

}  // namespace

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
                  "How the perturbation is measured: linf (largest value) or l2 (length)")
      ->check(CLI::IsMember({"linf", "l2"}))
      ->capture_default_str()
      ->group(group);
  command.add_option("--eps", choice.eps, "How large it may be, in pixel units [0,1]: 4/255 or 0.0157")
      ->capture_default_str()
      ->group(group);
  command.add_option("--steps", choice.steps, "Steps; default 10 (bim, pgd)")
      ->check(CLI::Range(1, 1'000'000))
      ->group(group);
  command
      .add_option("--step-size", choice.step_size,
                  "Size of a step, in pixel units; default 2.5 eps / steps (pgd), eps / steps (bim)")
      ->group(group);
  command
      // Not add_flag, which takes an optional for a count and sets it to 0.
      .add_flag_function(
          "--random-start,!--no-random-start",
          [&choice](std::int64_t count) { choice.random_start = count > 0; },
          "Whether pgd starts at a random point of the ball; default yes")
      ->group(group);
  command
      .add_option("--restarts", choice.restarts, "Random starts of pgd, of which the best is kept; default 1")
      ->check(CLI::Range(1, 10'000))
      ->group(group);
  command.add_flag("--early-stop", choice.early_stop, "Stop at the first point that succeeds")->group(group);
}

attack::AttackOptions to_attack_options(const AttackChoice& choice) {
  attack::AttackOptions options;
  options.ball.norm = choice.norm == "l2" ? attack::Norm::l2 : attack::Norm::linf;
  const float largest = options.ball.norm == attack::Norm::l2 ? attack::kLargestL2 : 1.0F;
  options.ball.eps = parse("--eps", choice.eps, largest);
  options.steps = choice.steps;
  if (choice.step_size) options.step_size = parse("--step-size", *choice.step_size, largest);
  options.random_start = choice.random_start;
  options.restarts = choice.restarts;
  if (choice.early_stop) options.early_stop = true;
  return options;
}

}  // namespace faultline::cli
