#include "compare/structural_similarity.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace faultline::compare {
namespace {

std::vector<double> gaussian_window(std::int64_t size, double sigma) {
  std::vector<double> weights;
  double total = 0;
  const std::int64_t centre = size / 2;
  for (std::int64_t i = 0; i < size; ++i) {
    const auto offset = static_cast<double>(i - centre);
    weights.push_back(std::exp(-offset * offset / (2 * sigma * sigma)));
    total += weights.back();
  }
  for (double& weight : weights) weight /= total;
  return weights;
}

// Places where the window fits, [places_y, places_x].
struct Places {
  std::int64_t height;
  std::int64_t width;
};

// to[i] = sum over taps t of window[t] from[i + t * stride]
void smooth(const double* from, std::int64_t stride, std::int64_t count, const std::vector<double>& window,
            double* to) {
  std::fill_n(to, count, 0.0);
  // Taps in threes, so that sums are not stored after each.
  std::size_t t = 0;
  for (; t + 3 <= window.size(); t += 3) {
    const double* a = from + static_cast<std::int64_t>(t) * stride;
    const double* b = a + stride;
    const double* c = b + stride;
    for (std::int64_t i = 0; i < count; ++i)
      to[i] += window[t] * a[i] + window[t + 1] * b[i] + window[t + 2] * c[i];
  }
  for (; t < window.size(); ++t) {
    const double* a = from + static_cast<std::int64_t>(t) * stride;
    for (std::int64_t i = 0; i < count; ++i) to[i] += window[t] * a[i];
  }
}

// Windowed means of an image [height, width] at every place: along columns, then along rows.
std::vector<double> windowed_mean(std::span<const double> image, std::int64_t width, const Places& places,
                                  const std::vector<double>& window) {
  std::vector<double> row(static_cast<std::size_t>(width));
  std::vector<double> means(static_cast<std::size_t>(places.height * places.width));
  for (std::int64_t y = 0; y < places.height; ++y) {
    smooth(image.data() + y * width, width, width, window, row.data());
    smooth(row.data(), 1, places.width, window, means.data() + y * places.width);
  }
  return means;
}

template <class Combine>
std::vector<double> combined(std::span<const double> a, std::span<const double> b, const Combine& combine) {
  std::vector<double> result(a.size());
  std::ranges::transform(a, b, result.begin(), combine);
  return result;
}

struct WindowMoments {
  double mean_a, mean_b, squares, product;  // means of a, b, a^2 + b^2, a b
};

double similarity(const WindowMoments& m) {
  constexpr double kC1 = 0.01 * 0.01;
  constexpr double kC2 = 0.03 * 0.03;
  const double squared_means = m.mean_a * m.mean_a + m.mean_b * m.mean_b;
  const double variances = m.squares - squared_means;
  const double covariance = m.product - m.mean_a * m.mean_b;
  return (2 * m.mean_a * m.mean_b + kC1) * (2 * covariance + kC2) /
         ((squared_means + kC1) * (variances + kC2));
}

}  // namespace

Measured structural_distance(const RankedMap& clean, const RankedMap& other, const SimilarityWindow& asked) {
  require_same_size(clean, other);
  if (clean.blank() || other.blank()) return {};
  const std::int64_t shorter = std::min(clean.height(), clean.width());
  const auto window =
      gaussian_window(std::min<std::int64_t>(asked.size, shorter - (shorter % 2 == 0 ? 1 : 0)), asked.sigma);
  const auto side = std::ssize(window);
  const Places places{clean.height() - side + 1, clean.width() - side + 1};
  const auto a = clean.values();
  const auto b = other.values();
  const auto mean = [&](std::span<const double> image) {
    return windowed_mean(image, clean.width(), places, window);
  };
  const auto mean_a = mean(a);
  const auto mean_b = mean(b);
  const auto squares = mean(combined(a, b, [](double p, double q) { return p * p + q * q; }));
  const auto products = mean(combined(a, b, std::multiplies<>()));
  double sum = 0;
  for (std::size_t i = 0; i < products.size(); ++i)
    sum += similarity({mean_a[i], mean_b[i], squares[i], products[i]});
  return std::clamp(1 - sum / static_cast<double>(products.size()), 0.0, 2.0);
}

}  // namespace faultline::compare
