#include "causal/shapley.h"

#include "causal/coalition.h"

namespace faultline::causal {

namespace {

// |S|! (n - 1 - |S|)! / n! by |S|: 1/n for nobody, and from s to s + 1 the factor (s + 1)/(n - 1 - s).
std::vector<double> weights_of(int players) {
  std::vector<double> weights = {1.0 / players};
  for (int s = 0; s + 1 < players; ++s) weights.push_back(weights.back() * (s + 1) / (players - 1 - s));
  return weights;
}

}  // namespace

std::vector<double> shapley_values(std::span<const double> values) {
  const int players = players_of(values);
  const std::vector<double> weights = weights_of(players);
  std::vector<double> shapley(static_cast<std::size_t>(players), 0.0);
  for (Coalition without = 0; without < values.size(); ++without) {
    for (int p = 0; p < players; ++p) {
      if (contains(without, p)) continue;
      const Coalition with = without | Coalition{1} << static_cast<unsigned>(p);
      shapley[static_cast<std::size_t>(p)] +=
          weights[static_cast<std::size_t>(size(without))] * (values[with] - values[without]);
    }
  }
  return shapley;
}

}  // namespace faultline::causal
