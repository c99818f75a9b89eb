#include "stats/signed_rank_distribution.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"

namespace faultline::stats {

Tails signed_rank_tails(std::span<const std::int64_t> doubled_ranks, std::int64_t doubled_sum) {
  require(doubled_ranks.size() <= 52, "signed_rank_tails: more than 52 ranks");
  require(
      std::all_of(doubled_ranks.begin(), doubled_ranks.end(), [](std::int64_t rank) { return rank >= 0; }),
      "signed_rank_tails: a negative rank");
  std::vector<double> selections = {1};  // by their sum
  for (const std::int64_t doubled : doubled_ranks) {
    const auto rank = static_cast<std::size_t>(doubled);
    const std::size_t sums = selections.size();
    selections.resize(sums + rank, 0.0);
    for (std::size_t sum = sums; sum-- > 0;) selections[sum + rank] += selections[sum];
  }
  Tails tails{.at_most = 0, .at_least = 0};
  for (std::size_t i = 0; i < selections.size(); ++i) {
    const auto sum = static_cast<std::int64_t>(i);
    if (sum <= doubled_sum) tails.at_most += selections[i];
    if (sum >= doubled_sum) tails.at_least += selections[i];
  }
  const int coins = static_cast<int>(doubled_ranks.size());
  return {.at_most = std::ldexp(tails.at_most, -coins), .at_least = std::ldexp(tails.at_least, -coins)};
}

}  // namespace faultline::stats
