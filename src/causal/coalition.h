#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace faultline::causal {

// Some of a game's n players: player p is in it where bit p is 1.
using Coalition = std::uint32_t;

inline constexpr int kMostPlayers = 20;

constexpr bool contains(Coalition coalition, int player) {
  return (coalition >> static_cast<unsigned>(player) & 1U) != 0;
}
constexpr int size(Coalition coalition) {
  return std::popcount(coalition);
}
// All of n players.
constexpr Coalition everyone(int players) {
  return (Coalition{1} << static_cast<unsigned>(players)) - 1;
}

// The players of a game with a value for each coalition. Throws ContractError unless there are 2^n values, 1
// <= n
// <= kMostPlayers.
int players_of(std::span<const double> values);

}  // namespace faultline::causal
