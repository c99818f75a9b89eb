#include "causal/sampled_shapley.h"

#include <cmath>
#include <map>
#include <numeric>

#include "base/error.h"
#include "base/philox.h"

namespace faultline::causal {

SampledShapley sampled_shapley(int players, const std::function<double(Coalition)>& v, int pairs,
                               std::uint64_t seed, std::string_view stream) {
  require(players >= 1 && players <= kMostPlayers && pairs >= 2, "sampled_shapley: too few or too many");
  const auto n = static_cast<std::size_t>(players);
  std::map<Coalition, double> known;
  const auto value = [&](Coalition coalition) {
    const auto [at, is_new] = known.try_emplace(coalition, 0);
    if (is_new) at->second = v(coalition);
    return at->second;
  };
  const RandomStream numbers(seed, stream);
  std::uint64_t drawn = 0;
  std::vector<double> sums(n);
  std::vector<double> squares(n);
  for (int pair = 0; pair < pairs; ++pair) {
    std::vector<int> order(n);
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[numbers.below(drawn++, i)]);
    std::vector<double> of_pair(n);
    for (int direction = 0; direction < 2; ++direction) {
      Coalition joined = 0;
      double before = value(joined);
      for (std::size_t i = 0; i < n; ++i) {
        const int player = order[direction == 0 ? i : n - 1 - i];
        joined |= Coalition{1} << static_cast<unsigned>(player);
        const double after = value(joined);
        of_pair[static_cast<std::size_t>(player)] += (after - before) / 2;
        before = after;
      }
    }
    for (std::size_t p = 0; p < n; ++p) {
      sums[p] += of_pair[p];
      squares[p] += of_pair[p] * of_pair[p];
    }
  }
  SampledShapley result;
  for (std::size_t p = 0; p < n; ++p) {
    const double mean = sums[p] / pairs;
    const double variance = std::max(0.0, (squares[p] - pairs * mean * mean) / (pairs - 1));
    result.values.push_back(mean);
    result.standard_errors.push_back(std::sqrt(variance / pairs));
  }
  return result;
}

}  // namespace faultline::causal
