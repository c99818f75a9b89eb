#include "causal/channel_subset.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "base/error.h"

namespace faultline::causal {

namespace {

using Decides = std::function<std::vector<bool>(std::span<const Substitution::Channels> sets)>;

Substitution::Channels prefix(std::span<const int> order, std::int64_t count) {
  Substitution::Channels set(order.size(), 0);
  for (const int channel : order.first(static_cast<std::size_t>(count)))
    set[static_cast<std::size_t>(channel)] = 1;
  return set;
}

void check_order(std::span<const int> order, std::int64_t channels) {
  std::vector<int> sorted(order.begin(), order.end());
  std::ranges::sort(sorted);
  std::vector<int> all(static_cast<std::size_t>(channels));
  std::iota(all.begin(), all.end(), 0);
  require(sorted == all, "channel subset: not an order of all channels");
}

ChannelSubset smallest_prefix(const Substitution& substitution, std::span<const int> order,
                              const Decides& decides) {
  const std::int64_t channels = substitution.channels();
  check_order(order, channels);
  std::vector<std::int64_t> counts;
  for (std::int64_t count = 1; count < channels; count *= 2) counts.push_back(count);
  counts.push_back(channels);
  std::vector<Substitution::Channels> sets;
  for (const std::int64_t count : counts) sets.push_back(prefix(order, count));
  const std::vector<bool> decided = decides(sets);
  const auto first = std::ranges::find(decided, true);
  if (first == decided.end()) return {};
  const auto at = static_cast<std::size_t>(first - decided.begin());
  std::int64_t enough = counts[at];
  std::int64_t too_few = at == 0 ? 0 : counts[at - 1];
  while (enough - too_few > 1) {
    const std::int64_t middle = (enough + too_few) / 2;
    sets = {prefix(order, middle)};
    (decides(sets)[0] ? enough : too_few) = middle;
  }
  const std::vector<double> distances = substitution.channel_distances();
  double part = 0;
  double whole = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double distance = distances[static_cast<std::size_t>(order[i])];
    whole += distance * distance;
    if (static_cast<std::int64_t>(i) < enough) part += distance * distance;
  }
  return {.channels = enough,
          .share = static_cast<double>(enough) / static_cast<double>(channels),
          .square_share = whole > 0 ? part / whole : 1};
}

}  // namespace

ChannelSubset smallest_flipping_prefix(Substitution& substitution, std::span<const int> order,
                                       const MarginClasses& classes) {
  return smallest_prefix(substitution, order, [&](std::span<const Substitution::Channels> sets) {
    std::vector<bool> flips;
    for (const Outcome& outcome : substitution.exchanged(sets)) flips.push_back(outcome.flips(classes));
    return flips;
  });
}

ChannelSubset smallest_restoring_prefix(Substitution& substitution, std::span<const int> order,
                                        const MarginClasses& classes) {
  return smallest_prefix(substitution, order, [&](std::span<const Substitution::Channels> sets) {
    std::vector<bool> restores;
    for (const Outcome& outcome : substitution.restored(sets)) restores.push_back(!outcome.flips(classes));
    return restores;
  });
}

std::vector<int> ascending(std::span<const double> values) {
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](int i) { return values[static_cast<std::size_t>(i)]; });
  return order;
}

}  // namespace faultline::causal
