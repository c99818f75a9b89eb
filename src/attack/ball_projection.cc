#include "attack/ball_projection.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "attack/norm.h"
#include "base/error.h"

namespace faultline::attack {

namespace {

void scale_to(double eps, std::span<double> d) {
  const double norm = norm_of(Norm::l2, d);
  if (norm <= eps) return;
  for (double& value : d) value *= eps / norm;
}

void shrink_to(double eps, std::span<double> d) {
  if (norm_of(Norm::l1, d) <= eps) return;
  std::vector<double> sizes(d.size());
  std::ranges::transform(d, sizes.begin(), [](double value) { return std::abs(value); });
  std::ranges::sort(sizes, std::greater());
  double sum = 0;
  double t = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    sum += sizes[i];
    const double candidate = (sum - eps) / static_cast<double>(i + 1);
    if (sizes[i] < candidate) break;
    t = candidate;
  }
  for (double& value : d) value = std::copysign(std::max(std::abs(value) - t, 0.0), value);
}

void keep_largest(double eps, std::span<double> d) {
  const auto count = static_cast<std::size_t>(std::min(std::floor(eps), static_cast<double>(d.size())));
  std::vector<std::size_t> order(d.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto largest_first = [d](std::size_t a, std::size_t b) {
    return std::abs(d[a]) != std::abs(d[b]) ? std::abs(d[a]) > std::abs(d[b]) : a < b;
  };
  std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                   largest_first);
  for (std::size_t i = count; i < order.size(); ++i) d[order[i]] = 0;
}

}  // namespace

void project_onto_ball(Norm norm, double eps, std::span<double> d) {
  require(eps >= 0, "project_onto_ball: eps must not be negative");
  switch (norm) {
    case Norm::linf:
      for (double& value : d) value = std::clamp(value, -eps, eps);
      return;
    case Norm::l2:
      return scale_to(eps, d);
    case Norm::l1:
      return shrink_to(eps, d);
    case Norm::l0:
      return keep_largest(eps, d);
  }
}

}  // namespace faultline::attack
