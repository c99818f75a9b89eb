#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "stats/interval.h"

namespace faultline::stats::test {

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Standard normal numbers of a stream of that name and number.
std::vector<double> normals(const std::string& name, int number, std::size_t count);

// The sample in another order.
std::vector<double> shuffled(std::span<const double> sample);

// Successes of a simulation that should succeed with that probability: within 3.5 standard errors, which one
// seed in 2,000 misses by chance.
void expect_share(int successes, int trials, double probability);

bool contains(const Interval& interval, double value);
void expect_same(const Estimate& a, const Estimate& b);

// What make() returns under one, two and three threads.
template <class Make>
auto under_threads(const Make& make) {
  std::vector<decltype(make())> results;
  for (const int threads : {1, 2, 3}) {
    set_compute_threads(threads);
    results.push_back(make());
  }
  set_compute_threads(0);
  return results;
}

}  // namespace faultline::stats::test
