#include "causal/channel_subset.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "base/error.h"
#include "causal/level_search.h"

namespace faultline::causal {

namespace {

using Decides = std::function<std::vector<bool>(std::span<const Substitution::Channels> sets)>;

// Tells of sets of channels whether they decide, and of the set of all.
struct Question {
  Decides decides;
  std::function<bool()> whole_decides;
};

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

std::optional<std::int64_t> exact_count(std::span<const int> order, const Question& question) {
  const std::int64_t channels = std::ssize(order);
  std::vector<Substitution::Channels> sets;
  std::vector<std::int64_t> counts;
  for (std::int64_t count = 1; count < channels; count *= 2) {
    counts.push_back(count);
    sets.push_back(prefix(order, count));
  }
  std::vector<bool> decided = question.decides(sets);
  counts.push_back(channels);
  decided.push_back(question.whole_decides());
  const auto first = std::ranges::find(decided, true);
  if (first == decided.end()) return std::nullopt;
  const auto at = static_cast<std::size_t>(first - decided.begin());
  std::int64_t enough = counts[at];
  std::int64_t too_few = at == 0 ? 0 : counts[at - 1];
  while (enough - too_few > 1) {
    const std::int64_t middle = (enough + too_few) / 2;
    sets = {prefix(order, middle)};
    (question.decides(sets)[0] ? enough : too_few) = middle;
  }
  return enough;
}

// Of the channel counts of the shares.
std::optional<std::int64_t> count_of_shares(std::span<const int> order, int halvings,
                                            const Question& question) {
  const std::int64_t channels = std::ssize(order);
  std::vector<std::int64_t> counts;
  for (int k = halvings; k >= 0; --k) {
    const std::int64_t divisor = std::int64_t{1} << static_cast<unsigned>(k);
    const std::int64_t count = (channels + divisor - 1) / divisor;
    if (counts.empty() || count > counts.back()) counts.push_back(count);
  }
  const auto level = first_deciding_level(counts.size(), [&](std::size_t i) {
    if (counts[i] == channels) return question.whole_decides();
    return static_cast<bool>(
        question.decides(std::vector<Substitution::Channels>{prefix(order, counts[i])})[0]);
  });
  if (!level) return std::nullopt;
  return counts[*level];
}

ChannelSubset smallest_prefix(const Substitution& substitution, std::span<const int> order,
                              const PrefixSearch& search, const Question& question) {
  require(search.halvings >= 0 && search.halvings < 63, "channel subset: no shares");
  check_order(order, substitution.channels());
  const std::optional<std::int64_t> enough =
      search.exact ? exact_count(order, question) : count_of_shares(order, search.halvings, question);
  if (!enough) return {};
  const std::vector<double> distances = substitution.channel_distances();
  double part = 0;
  double whole = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double distance = distances[static_cast<std::size_t>(order[i])];
    whole += distance * distance;
    if (static_cast<std::int64_t>(i) < *enough) part += distance * distance;
  }
  return {.channels = enough,
          .share = static_cast<double>(*enough) / static_cast<double>(order.size()),
          .square_share = whole > 0 ? part / whole : 1};
}

}  // namespace

ChannelSubset smallest_flipping_prefix(Substitution& substitution, std::span<const int> order,
                                       const MarginClasses& classes, const PrefixSearch& search) {
  const Decides flips = [&](std::span<const Substitution::Channels> sets) {
    std::vector<bool> decided;
    for (const Outcome& outcome : substitution.exchanged(sets)) decided.push_back(outcome.flips(classes));
    return decided;
  };
  return smallest_prefix(substitution, order, search,
                         {flips, [&] { return substitution.exchanged_whole().flips(classes); }});
}

ChannelSubset smallest_restoring_prefix(Substitution& substitution, std::span<const int> order,
                                        const MarginClasses& classes, const PrefixSearch& search) {
  const Decides restores = [&](std::span<const Substitution::Channels> sets) {
    std::vector<bool> decided;
    for (const Outcome& outcome : substitution.restored(sets)) decided.push_back(!outcome.flips(classes));
    return decided;
  };
  return smallest_prefix(substitution, order, search,
                         {restores, [&] { return !substitution.restored_whole().flips(classes); }});
}

std::vector<int> ascending(std::span<const double> values) {
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](int i) { return values[static_cast<std::size_t>(i)]; });
  return order;
}

}  // namespace faultline::causal
