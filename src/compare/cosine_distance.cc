#include "compare/cosine_distance.h"

#include <algorithm>
#include <cmath>

namespace faultline::compare {
namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

Measured cosine_distance(const RankedMap& clean, const RankedMap& other) {
  require_same_size(clean, other);
  if (clean.blank() || other.blank()) return {};
  const auto a = clean.values();
  const auto b = other.values();
  return std::clamp(1 - dot(a, b) / std::sqrt(dot(a, a) * dot(b, b)), 0.0, 1.0);
}

}  // namespace faultline::compare
