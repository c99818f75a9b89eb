#include "attack/square_pattern.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"

namespace faultline::attack {

namespace {

// One half: [rows,columns], of length 1; empty if there are no rows.
std::vector<double> half(std::int64_t rows, std::int64_t columns) {
  const std::int64_t m = std::max(rows / 2, columns / 2) + 1;
  std::vector<double> sums(static_cast<std::size_t>(m) + 1, 0.0);  // of k from d to m - 1
  for (std::int64_t d = m - 1; d >= 0; --d) {
    const double k = static_cast<double>(d) + 1;
    sums[static_cast<std::size_t>(d)] = sums[static_cast<std::size_t>(d) + 1] + 1 / (k * k);
  }
  std::vector<double> values;
  double squares = 0;
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      const std::int64_t d = std::max(std::abs(i - rows / 2), std::abs(j - columns / 2));
      values.push_back(sums[static_cast<std::size_t>(d)]);
      squares += values.back() * values.back();
    }
  }
  for (double& value : values) value /= std::sqrt(squares);
  return values;
}

}  // namespace

double square_share(double p, int query, int queries, bool rescaled) {
  constexpr std::array kAfter = {10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000};
  const int at =
      rescaled ? static_cast<int>(static_cast<double>(query) / static_cast<double>(queries) * 10000) : query;
  for (const int after : kAfter) {
    if (at > after) p /= 2;
  }
  return p;
}

std::int64_t square_side(Norm norm, double share, std::int64_t height, std::int64_t width) {
  const double exact = std::sqrt(share * static_cast<double>(height) * static_cast<double>(width));
  auto side = static_cast<std::int64_t>(std::nearbyint(exact));
  if (norm == Norm::l2) side = std::max<std::int64_t>(side, 3) | 1;
  return std::clamp<std::int64_t>(side, 1, std::min(height, width));
}

std::vector<double> square_pattern(std::int64_t side) {
  require(side >= 1, "square_pattern: side must be positive");
  std::vector<double> pattern = half(side / 2, side);
  for (const double value : half(side - side / 2, side)) pattern.push_back(-value);
  const double length = side == 1 ? 1 : std::sqrt(2.0);
  for (double& value : pattern) value /= length;
  return pattern;
}

}  // namespace faultline::attack
