#include "oracles/worst_errors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <limits>
#include <sstream>

namespace faultline::oracles {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

double norm_of(DoubleTensorView values) {
  double squares = 0;
  for (const double value : values.values()) squares += value * value;
  return std::sqrt(squares);
}

double or_infinite(double error) {
  return std::isnan(error) ? kInfinite : error;
}

}  // namespace

double relative_l2(DoubleTensorView a, DoubleTensorView b) {
  if (a.elements() != b.elements()) return kInfinite;
  DoubleTensor difference(b.shape());
  for (std::int64_t i = 0; i < b.elements(); ++i) difference[i] = a[i] - b[i];
  const double norm = norm_of(b);
  return or_infinite(norm > 0 ? norm_of(difference) / norm : norm_of(difference));
}

double sample_error(DoubleTensorView found, const StoredTensor& stored) {
  if (stored.positions.elements() == 0) return relative_l2(found, stored.values);
  DoubleTensor sample(stored.values.shape());
  for (std::int64_t i = 0; i < sample.elements(); ++i) {
    const auto position = static_cast<std::int64_t>(stored.positions[i]);
    if (position >= found.elements()) return kInfinite;
    sample[i] = found[position];
  }
  return relative_l2(sample, stored.values);
}

double moments_error(DoubleTensorView found, const StoredTensor& stored) {
  const double norm = norm_of(found);
  if (stored.norm == 0) return or_infinite(norm);
  double sum = 0;
  for (const double value : found.values()) sum += value;
  const double scale = stored.norm * std::sqrt(static_cast<double>(found.elements()));
  const double norm_error = or_infinite(std::abs(norm - stored.norm) / stored.norm);
  return std::max(norm_error, or_infinite(std::abs(sum - stored.sum) / scale));
}

void WorstErrors::check(const std::string& kind, const std::string& where, double error, double tolerance) {
  EXPECT_LE(error, tolerance) << kind << " at " << where;
  double& largest = largest_[kind];
  largest = std::max(largest, error);
}

void WorstErrors::print(const std::string& title) const {
  std::ostringstream line;
  line << std::scientific << std::setprecision(1);
  for (const auto& [kind, error] : largest_) line << (line.tellp() > 0 ? ", " : "") << kind << ' ' << error;
  std::cout << title << ": " << line.str() << '\n';
}

}  // namespace faultline::oracles
