#include "findings/harmless_pool.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace faultline::findings {

HarmlessPool::HarmlessPool(std::vector<Entry> entries) : entries_(std::move(entries)) {
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.value, a.image) < std::tie(b.value, b.image);
  });
  for (std::size_t place = 0; place < entries_.size(); ++place)
    of_.emplace_back(entries_[place].image, place);
  std::sort(of_.begin(), of_.end());
}

// stats::quantile of the entries but for those at the places left out (ascending), without copying them.
double HarmlessPool::interpolated(const std::vector<std::size_t>& left_out, double p) const {
  const auto order_statistic = [&](std::size_t k) {
    for (const std::size_t place : left_out) k += place <= k ? 1 : 0;
    return entries_[k].value;
  };
  const std::size_t count = entries_.size() - left_out.size();
  const double position = static_cast<double>(count - 1) * p;
  const auto below = static_cast<std::size_t>(std::floor(position));
  const double low = order_statistic(below);
  if (below + 1 >= count) return low;
  return low + (position - static_cast<double>(below)) * (order_statistic(below + 1) - low);
}

Measured HarmlessPool::quantile_without(std::size_t image, double p) const {
  std::vector<std::size_t> own;
  for (auto at = std::lower_bound(of_.begin(), of_.end(), std::pair{image, std::size_t{0}});
       at != of_.end() && at->first == image; ++at)
    own.push_back(at->second);
  if (own.size() == entries_.size()) return {};
  return interpolated(own, p);
}

Measured HarmlessPool::quantile(double p) const {
  if (entries_.empty()) return {};
  return interpolated({}, p);
}

}  // namespace faultline::findings
