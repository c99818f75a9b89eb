#include "study/partners.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"

namespace faultline::study {

std::vector<std::vector<std::size_t>> choose_partners(std::span<const std::string> hashes,
                                                      std::span<const int> classes, int count) {
  require(hashes.size() == classes.size(), "choose_partners: a class for each hash");
  std::vector<std::size_t> order(hashes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return hashes[i]; });
  std::vector<std::vector<std::size_t>> partners(hashes.size());
  for (std::size_t place = 0; place < order.size(); ++place) {
    const std::size_t image = order[place];
    if (classes[image] < 0) continue;
    for (std::size_t step = 1; step < order.size(); ++step) {
      const std::size_t other = order[(place + step) % order.size()];
      std::vector<std::size_t>& chosen = partners[image];
      if (std::ssize(chosen) == count) break;
      const bool is_copy =
          std::ranges::any_of(chosen, [&](std::size_t each) { return hashes[each] == hashes[other]; });
      if (classes[other] >= 0 && classes[other] != classes[image] && !is_copy) chosen.push_back(other);
    }
  }
  return partners;
}

}  // namespace faultline::study
