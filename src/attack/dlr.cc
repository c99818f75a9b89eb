#include "attack/dlr.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/index.h"

namespace faultline::attack {

namespace {

constexpr double kTiny = 1e-12;

// The classes of the four largest logits, descending; of equal ones the first. With fewer than four logits
// the last places repeat the last class.
std::array<std::size_t, 4> leaders(std::span<const double> z) {
  std::array<std::size_t, 4> order{};
  std::size_t found = 0;
  for (std::size_t j = 0; j < z.size(); ++j) {
    std::size_t place = found;
    while (place > 0 && z[j] > z[order[place - 1]]) --place;
    if (place == order.size()) continue;
    found = std::min(found + 1, order.size());
    for (std::size_t k = found - 1; k > place; --k) order[k] = order[k - 1];
    order[place] = j;
  }
  for (; found < order.size(); ++found) order[found] = order[found - 1];
  return order;
}

void check_class(std::span<const double> z, int y) {
  require(y >= 0 && index(y) < z.size(), "dlr: class out of range");
}

// A ratio (z_rival - z_y) / (z_1 - sum of weights z_order + 1e-12), as both losses are.
struct Ratio {
  std::size_t label = 0;
  std::size_t rival = 0;
  std::array<std::size_t, 4> order = {};
  std::array<double, 4> weights = {};  // of the denominator

  double value(std::span<const double> z) const {
    double denominator = kTiny;
    for (std::size_t k = 0; k < order.size(); ++k) denominator += weights[k] * z[order[k]];
    return (z[rival] - z[label]) / denominator;
  }
  // d value/dz times the denominator: the numerator's gradient minus value times the denominator's.
  void direction(std::span<const double> z, std::span<double> gradient) const {
    require(gradient.size() == z.size(), "dlr: gradient and logits differ in size");
    std::fill(gradient.begin(), gradient.end(), 0.0);
    const double ratio = value(z);
    gradient[rival] += 1;
    gradient[label] -= 1;
    for (std::size_t k = 0; k < order.size(); ++k) gradient[order[k]] -= ratio * weights[k];
  }
};

Ratio untargeted(std::span<const double> z, int y) {
  require(z.size() >= index(kLeastDlrClasses), "dlr: at least three classes");
  check_class(z, y);
  const auto order = leaders(z);
  return {.label = index(y),
          .rival = order[0] == index(y) ? order[1] : order[0],
          .order = order,
          .weights = {1, 0, -1, 0}};
}

Ratio targeted(std::span<const double> z, int y, int t) {
  require(z.size() >= index(kLeastTargetedDlrClasses), "targeted dlr: at least four classes");
  check_class(z, y);
  check_class(z, t);
  require(y != t, "targeted dlr: the target is the label");
  return {.label = index(y), .rival = index(t), .order = leaders(z), .weights = {1, 0, -0.5, -0.5}};
}

}  // namespace

double dlr(std::span<const double> logits, int y) {
  return untargeted(logits, y).value(logits);
}

double targeted_dlr(std::span<const double> logits, int y, int t) {
  return targeted(logits, y, t).value(logits);
}

void dlr_direction(std::span<const double> logits, int y, std::span<double> gradient) {
  untargeted(logits, y).direction(logits, gradient);
}

void targeted_dlr_direction(std::span<const double> logits, int y, int t, std::span<double> gradient) {
  targeted(logits, y, t).direction(logits, gradient);
}

}  // namespace faultline::attack
