#include "compare/deviation.h"

#include <cmath>

namespace faultline::compare {
namespace {

bool has_logarithm(const Measured& value) {
  return value && *value > 0;
}

Measured mean_logarithm(std::span<const Measured> deviations, std::span<const std::size_t> rows) {
  double sum = 0;
  for (const std::size_t row : rows) {
    if (!has_logarithm(deviations[row])) return {};
    sum += std::log(*deviations[row]);
  }
  return quotient(sum, static_cast<double>(rows.size()));
}

}  // namespace

Measured deviation(double distance, double clean_norm) {
  return quotient(distance, clean_norm);
}

std::vector<Measured> log_excess(std::span<const Measured> deviations,
                                 std::span<const std::size_t> gaussian_rows) {
  std::vector<Measured> excess(deviations.size());
  const Measured expected = mean_logarithm(deviations, gaussian_rows);
  if (!expected) return excess;
  for (std::size_t row = 0; row < deviations.size(); ++row) {
    if (has_logarithm(deviations[row])) excess[row] = std::log(*deviations[row]) - *expected;
  }
  return excess;
}

}  // namespace faultline::compare
