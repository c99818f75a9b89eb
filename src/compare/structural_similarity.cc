#include "compare/structural_similarity.h"

#include <algorithm>
#include <cmath>

namespace faultline::compare {
namespace {

std::vector<double> gaussian_window(std::int64_t size) {
  constexpr double kSigma = 1.5;
  std::vector<double> weights;
  double total = 0;
  const std::int64_t centre = size / 2;
  for (std::int64_t i = 0; i < size; ++i) {
    const auto offset = static_cast<double>(i - centre);
    weights.push_back(std::exp(-offset * offset / (2 * kSigma * kSigma)));
    total += weights.back();
  }
  for (double& weight : weights) weight /= total;
  return weights;
}

// Weighted means along rows of an image [height, width] at every place where the window fits, transposed:
// [width - size + 1, height]. Twice applied it smooths both ways and restores the order.
std::vector<double> smooth_rows(const std::vector<double>& image, std::size_t height,
                                const std::vector<double>& window) {
  const std::size_t width = image.size() / height;
  const std::size_t places = width - window.size() + 1;
  std::vector<double> smoothed(places * height, 0.0);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < places; ++x) {
      double sum = 0;
      for (std::size_t i = 0; i < window.size(); ++i) sum += window[i] * image[y * width + x + i];
      smoothed[x * height + y] = sum;
    }
  }
  return smoothed;
}

std::vector<double> windowed_mean_of_product(std::span<const double> a, std::span<const double> b,
                                             std::size_t height, const std::vector<double>& window) {
  std::vector<double> product(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) product[i] = a[i] * b[i];
  const std::size_t width = a.size() / height;
  return smooth_rows(smooth_rows(product, height, window), width - window.size() + 1, window);
}

struct WindowMoments {
  double mean_a, mean_b, variance_a, variance_b, covariance;
};

double similarity(const WindowMoments& m) {
  constexpr double kC1 = 0.01 * 0.01;
  constexpr double kC2 = 0.03 * 0.03;
  return (2 * m.mean_a * m.mean_b + kC1) * (2 * m.covariance + kC2) /
         ((m.mean_a * m.mean_a + m.mean_b * m.mean_b + kC1) * (m.variance_a + m.variance_b + kC2));
}

}  // namespace

Measured structural_distance(const RankedMap& clean, const RankedMap& other) {
  require_same_size(clean, other);
  if (clean.blank() || other.blank()) return {};
  const std::int64_t shorter = std::min(clean.height(), clean.width());
  const auto window = gaussian_window(std::min<std::int64_t>(11, shorter - (shorter % 2 == 0 ? 1 : 0)));
  const auto height = static_cast<std::size_t>(clean.height());
  const auto a = clean.values();
  const auto b = other.values();
  const std::vector<double> ones(a.size(), 1.0);
  const auto mean_a = windowed_mean_of_product(a, ones, height, window);
  const auto mean_b = windowed_mean_of_product(b, ones, height, window);
  const auto aa = windowed_mean_of_product(a, a, height, window);
  const auto bb = windowed_mean_of_product(b, b, height, window);
  const auto ab = windowed_mean_of_product(a, b, height, window);
  double sum = 0;
  for (std::size_t i = 0; i < ab.size(); ++i) {
    sum += similarity({mean_a[i], mean_b[i], aa[i] - mean_a[i] * mean_a[i], bb[i] - mean_b[i] * mean_b[i],
                       ab[i] - mean_a[i] * mean_b[i]});
  }
  return std::clamp(1 - sum / static_cast<double>(ab.size()), 0.0, 2.0);
}

}  // namespace faultline::compare
