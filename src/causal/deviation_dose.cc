#include "causal/deviation_dose.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/parallel.h"
#include "base/philox.h"
#include "causal/level_search.h"

namespace faultline::causal {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kWithin = 0.01;

// sqrt(sum of change(i)^2), each channel's part by one thread and added up in order: no thread count changes
// a bit.
template <class Change>
double norm_of(const Shape& shape, const Change& change) {
  const std::int64_t channels = shape[0];
  const std::int64_t positions = shape.elements() / channels;
  std::vector<double> squares(static_cast<std::size_t>(channels));
  parallel_for(channels, [&](std::int64_t c) {
    double sum = 0;
    for (std::int64_t i = c * positions; i < (c + 1) * positions; ++i) sum += change(i) * change(i);
    squares[static_cast<std::size_t>(c)] = sum;
  });
  return std::sqrt(std::accumulate(squares.begin(), squares.end(), 0.0));
}

double norm(const DoubleTensor& values) {
  return norm_of(values.shape(), [v = values.data()](std::int64_t i) { return v[i]; });
}

// |clamp(A + s D) - A|: never falls as s grows, where A lies in the range.
double moved_by(const DoubleTensor& activation, const DoubleTensor& direction, double s,
                const ValueRange& range) {
  return norm_of(activation.shape(), [a = activation.data(), d = direction.data(), s, range](std::int64_t i) {
    return std::clamp(a[i] + s * d[i], range.least, range.largest) - a[i];
  });
}

}  // namespace

ValueRange value_range(const net::Graph& graph, net::NodeId node) {
  const net::Operator& op = graph.node(node).op;
  if (std::holds_alternative<net::Relu>(op)) return {0, kInfinity};
  if (const auto* clip = std::get_if<net::Clip>(&op))
    return {static_cast<double>(clip->min), static_cast<double>(clip->max)};
  if (std::holds_alternative<net::Sigmoid>(op)) return {0, 1};
  if (std::holds_alternative<net::Tanh>(op)) return {-1, 1};
  return {-kInfinity, kInfinity};
}

std::optional<DoubleTensor> moved(const DoubleTensor& activation, const DoubleTensor& direction, double size,
                                  const ValueRange& range) {
  require(activation.shape() == direction.shape(), "moved: a direction of another shape");
  require(size > 0, "moved: by nothing");
  const double length = norm(direction);
  if (!(length > 0) || !std::isfinite(length)) return std::nullopt;
  // Without the clamp this s is right; with it too small. Ever larger ones, then bisection.
  constexpr int kMostDoublings = 60;
  double low = 0;
  double high = size / length;
  double reached = moved_by(activation, direction, high, range);
  for (int i = 0; reached < (1 - kWithin) * size; ++i) {
    if (reached <= 0 || i == kMostDoublings) return std::nullopt;
    low = high;
    high *= std::max(2.0, size / reached);
    reached = moved_by(activation, direction, high, range);
  }
  double s = high;
  while (std::abs(reached - size) > kWithin * size) {
    s = low + (high - low) / 2;
    reached = moved_by(activation, direction, s, range);
    (reached < size ? low : high) = s;
  }
  DoubleTensor result = DoubleTensor::uninitialised(activation.shape());
  parallel_for(result.elements(),
               [out = result.data(), a = activation.data(), d = direction.data(), s, &range](std::int64_t i) {
                 out[i] = std::clamp(a[i] + s * d[i], range.least, range.largest);
               });
  return result;
}

DeviationDose deviation_dose(Substitution& substitution, const DoubleTensor& direction,
                             const ValueRange& range, const MarginClasses& classes,
                             const DoseLevels& levels) {
  require(levels.octaves >= 0 && levels.per_octave >= 1 && levels.largest > 0, "deviation_dose: no levels");
  const DoubleTensor activation = substitution.clean_value();
  double squares = 0;
  for (const double distance : substitution.channel_distances()) squares += distance * distance;
  const double adversarial = std::sqrt(squares);
  if (!(adversarial > 0)) return {};
  std::vector<double> doses;
  for (int i = levels.octaves * levels.per_octave; i >= 0; --i)
    doses.push_back(levels.largest * std::exp2(-static_cast<double>(i) / levels.per_octave));
  // What the clamp makes unreachable is left out: doses that are reached, are the smaller ones.
  std::optional<DoubleTensor> furthest;
  while (!doses.empty() && !furthest) {
    furthest = moved(activation, direction, doses.back() * adversarial, range);
    if (!furthest) doses.pop_back();
  }
  if (doses.empty()) return {};
  DeviationDose found{.dose = {}, .limit = doses.back()};
  const auto level = first_deciding_level(doses.size(), [&](std::size_t i) {
    auto value = i + 1 == doses.size() ? std::exchange(furthest, std::nullopt)
                                       : moved(activation, direction, doses[i] * adversarial, range);
    return value && substitution.with_value(std::move(*value)).flips(classes);
  });
  if (level) found.dose = doses[*level];
  return found;
}

DoubleTensor white_noise(const Shape& shape, std::uint64_t seed, std::string_view stream) {
  const RandomStream numbers(seed, stream);
  DoubleTensor noise(shape);
  numbers.fill_normal(0, noise.values());
  return noise;
}

}  // namespace faultline::causal
