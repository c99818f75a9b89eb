#include "samples.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "base/philox.h"

namespace faultline::stats::test {

std::vector<double> normals(const std::string& name, int number, std::size_t count) {
  const RandomStream stream(17, name + '/' + std::to_string(number));
  std::vector<double> values;
  for (std::uint64_t i = 0; i < count; ++i) values.push_back(stream.normal(i));
  return values;
}

std::vector<double> shuffled(std::span<const double> sample) {
  std::vector<double> values(sample.begin(), sample.end());
  const RandomStream stream(17, "shuffled");
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[stream.below(i, i)]);
  return values;
}

void expect_share(int successes, int trials, double probability) {
  const double share = static_cast<double>(successes) / trials;
  EXPECT_NEAR(share, probability, 3.5 * std::sqrt(probability * (1 - probability) / trials));
}

bool contains(const Interval& interval, double value) {
  return interval.lower <= value && value <= interval.upper;
}

void expect_same(const Estimate& a, const Estimate& b) {
  EXPECT_EQ(a.value, b.value);
  ASSERT_EQ(a.interval.has_value(), b.interval.has_value());
  if (!a.interval) return;
  EXPECT_EQ(a.interval->lower, b.interval->lower);
  EXPECT_EQ(a.interval->upper, b.interval->upper);
}

}  // namespace faultline::stats::test
