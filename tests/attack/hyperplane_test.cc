#include "attack/hyperplane.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "networks.h"

namespace faultline::attack {
namespace {

std::vector<double> project(Norm norm, std::initializer_list<float> w, double rise,
                            std::initializer_list<float> x) {
  const Shape shape{static_cast<std::int64_t>(w.size())};
  std::vector<double> d(w.size(), std::nan(""));
  project_onto_hyperplane(norm, Tensor(shape, w), rise, Tensor(shape, x), d);
  return d;
}

void expect(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-12) << i;
}

TEST(Hyperplane, FreeMovesInClosedForm) {
  expect(project(Norm::linf, {1, -3, 0}, 0.4, {0.5, 0.5, 0.5}), {0.1, -0.1, 0});
  expect(project(Norm::l2, {1, -3, 0}, 0.5, {0.5, 0.5, 0.5}), {0.05, -0.15, 0});
  expect(project(Norm::linf, {1, -3, 0}, -0.4, {0.5, 0.5, 0.5}), {-0.1, 0.1, 0});
  expect(project(Norm::l2, {2, 1}, 0, {0.25, 1}), {0, 0});
}

// The second value has room 0.125 alone; the first takes over the rest.
TEST(Hyperplane, WhatTheBoxStopsTheOthersTakeOver) {
  expect(project(Norm::linf, {1, 1}, 0.5, {0.5, 0.875}), {0.375, 0.125});
  expect(project(Norm::l2, {1, 2}, 0.5, {0.5, 0.875}), {0.25, 0.125});
}

TEST(Hyperplane, OutOfReachIsTheNearestCorner) {
  expect(project(Norm::linf, {1, -1, 0}, 5, {0.5, 0.75, 0.5}), {0.5, -0.75, 0});
  expect(project(Norm::l2, {1e-30F, -1, 0}, 5, {0.5, 0.75, 0.5}), {0.5, -0.75, 0});
  expect(project(Norm::l2, {0, 0}, 1, {0.5, 0.5}), {0, 0});
}

// Against bisection for l over many random cases with values at their bounds.
TEST(Hyperplane, AgreesWithBisection) {
  for (int seed = 0; seed < 50; ++seed) {
    const RandomStream stream(static_cast<std::uint64_t>(seed), "hyperplane");
    constexpr int kSize = 30;
    Tensor w({kSize});
    Tensor x({kSize});
    for (int i = 0; i < kSize; ++i) {
      w[i] = static_cast<float>(stream.normal(static_cast<std::uint64_t>(i)));
      x[i] =
          static_cast<float>(std::clamp(1.4 * stream.uniform(static_cast<std::uint64_t>(i)) - 0.2, 0.0, 1.0));
    }
    for (const Norm norm : {Norm::linf, Norm::l2}) {
      const double rise = 4 * stream.normal(100);
      const auto move = [&](double l, int i) {
        const double weight = static_cast<double>(w[i]) * (rise > 0 ? 1 : -1);
        const auto at = static_cast<double>(x[i]);
        const double free = norm == Norm::linf ? (weight > 0 ? l : -l) : l * weight;
        return std::clamp(at + free, 0.0, 1.0) - at;
      };
      double low = 0;
      double high = 100;
      for (int k = 0; k < 100; ++k) {
        const double l = (low + high) / 2;
        double reached = 0;
        for (int i = 0; i < kSize; ++i) reached += static_cast<double>(w[i]) * move(l, i);
        (std::abs(reached) < std::abs(rise) ? low : high) = l;
      }
      std::vector<double> d(kSize, std::nan(""));
      project_onto_hyperplane(norm, w, rise, x, d);
      for (int i = 0; i < kSize; ++i) EXPECT_NEAR(d[static_cast<std::size_t>(i)], move(high, i), 1e-9);
    }
  }
}

TEST(Hyperplane, OtherNormsAreRefused) {
  EXPECT_THROW(project(Norm::l1, {1, 1}, 1, {0, 0}), ContractError);
}

}  // namespace
}  // namespace faultline::attack
