#include "compare/jensen_shannon.h"

#include <algorithm>
#include <cmath>

namespace faultline::compare {
namespace {

// p log2(p / m), written so that m cannot underflow to 0.
double information(double p, double q) {
  return p > 0 ? p * std::log2(2 * p / (p + q)) : 0.0;
}

}  // namespace

Measured jensen_shannon_divergence(const RankedMap& clean, const RankedMap& other) {
  require_same_size(clean, other);
  if (clean.blank() || other.blank()) return {};
  double sum = 0;
  for (std::size_t i = 0; i < clean.values().size(); ++i) {
    const double p = clean.values()[i] / clean.mass();
    const double q = other.values()[i] / other.mass();
    sum += information(p, q) + information(q, p);
  }
  return std::clamp(sum / 2, 0.0, 1.0);
}

}  // namespace faultline::compare
