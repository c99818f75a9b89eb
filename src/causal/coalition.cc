#include "causal/coalition.h"

#include "base/error.h"

namespace faultline::causal {

int players_of(std::span<const double> values) {
  const bool is_power = values.size() >= 2 && std::has_single_bit(values.size());
  require(is_power && values.size() <= std::size_t{1} << kMostPlayers,
          "players_of: not a value for each coalition");
  return std::countr_zero(values.size());
}

}  // namespace faultline::causal
