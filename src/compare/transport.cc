#include "compare/transport.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/error.h"

namespace faultline::compare {
namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();
constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

// Vertices are the m places of supply, then the n of demand. An arc leads from every supply to every demand,
// and back wherever there is flow.
class TransportProblem {
 public:
  TransportProblem(std::span<const std::int64_t> supply, std::span<const std::int64_t> demand,
                   std::span<const double> cost)
      : m_(supply.size()),
        n_(demand.size()),
        cost_(cost),
        remaining_(supply.begin(), supply.end()),
        flow_(m_ * n_, 0),
        potential_(m_ + n_, 0.0) {
    remaining_.insert(remaining_.end(), demand.begin(), demand.end());
    left_ = std::accumulate(supply.begin(), supply.end(), std::int64_t{0});
  }

  double solve() {
    while (left_ > 0) augment(find_nearest_demand());
    double total = 0;
    for (std::size_t arc = 0; arc < flow_.size(); ++arc)
      total += static_cast<double>(flow_[arc]) * cost_[arc];
    return total;
  }

 private:
  // Dijkstra on costs reduced by the potentials, from all places that have supply left to the first that
  // still demands; no farther, as for the potentials it is enough that what lies beyond is that far at least.
  std::size_t find_nearest_demand() {
    distance_.assign(m_ + n_, kFar);
    before_.assign(m_ + n_, kNone);
    done_.assign(m_ + n_, 0);
    for (std::size_t i = 0; i < m_; ++i) {
      if (remaining_[i] > 0) distance_[i] = std::max(0.0, -potential_[i]);
    }
    std::size_t next = take_nearest();
    while (next < m_ || remaining_[next] == 0) {
      relax_from(next);
      next = take_nearest();
    }
    for (std::size_t v = 0; v < m_ + n_; ++v) potential_[v] += std::min(distance_[v], distance_[next]);
    return next;
  }

  // All demand is reachable from all supply, so there is one while any is left.
  std::size_t take_nearest() {
    std::size_t nearest = kNone;
    for (std::size_t v = 0; v < m_ + n_; ++v) {
      if (done_[v] == 0 && (nearest == kNone || distance_[v] < distance_[nearest])) nearest = v;
    }
    done_[nearest] = 1;
    return nearest;
  }

  void relax_from(std::size_t v) {
    if (v < m_) {
      for (std::size_t j = 0; j < n_; ++j) relax(v, m_ + j, cost_[v * n_ + j]);
      return;
    }
    for (std::size_t i = 0; i < m_; ++i) {
      if (flow_[i * n_ + v - m_] > 0) relax(v, i, -cost_[i * n_ + v - m_]);
    }
  }

  void relax(std::size_t from, std::size_t to, double cost) {
    // Reduced costs are not negative but for rounding.
    const double candidate = distance_[from] + std::max(0.0, cost + potential_[from] - potential_[to]);
    if (candidate < distance_[to]) {
      distance_[to] = candidate;
      before_[to] = from;
    }
  }

  std::int64_t& flow_between(std::size_t a, std::size_t b) {
    return a < m_ ? flow_[a * n_ + b - m_] : flow_[b * n_ + a - m_];
  }

  void augment(std::size_t target) {
    std::int64_t amount = remaining_[target];
    std::size_t origin = target;
    for (; before_[origin] != kNone; origin = before_[origin]) {
      if (origin < m_) amount = std::min(amount, flow_between(before_[origin], origin));
    }
    amount = std::min(amount, remaining_[origin]);
    for (std::size_t v = target; before_[v] != kNone; v = before_[v]) {
      flow_between(before_[v], v) += v < m_ ? -amount : amount;
    }
    remaining_[origin] -= amount;
    remaining_[target] -= amount;
    left_ -= amount;
  }

  std::size_t m_;
  std::size_t n_;
  std::span<const double> cost_;
  std::vector<std::int64_t> remaining_;
  std::vector<std::int64_t> flow_;
  std::vector<double> potential_;
  std::vector<double> distance_;
  std::vector<std::size_t> before_;
  std::vector<char> done_;
  std::int64_t left_ = 0;
};

bool positive(std::span<const std::int64_t> amounts) {
  return std::ranges::all_of(amounts, [](std::int64_t amount) { return amount > 0; });
}

}  // namespace

double least_transport_cost(std::span<const std::int64_t> supply, std::span<const std::int64_t> demand,
                            std::span<const double> cost) {
  require(cost.size() == supply.size() * demand.size(), "least_transport_cost: cost [m,n]");
  require(positive(supply) && positive(demand), "least_transport_cost: amounts > 0");
  require(std::accumulate(supply.begin(), supply.end(), std::int64_t{0}) ==
              std::accumulate(demand.begin(), demand.end(), std::int64_t{0}),
          "least_transport_cost: as much demand as supply");
  require(std::ranges::all_of(cost, [](double c) { return std::isfinite(c) && c >= 0; }),
          "least_transport_cost: finite costs, none negative");
  return TransportProblem(supply, demand, cost).solve();
}

}  // namespace faultline::compare
