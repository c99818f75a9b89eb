#include "compare/transport.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "compare/area_average.h"
#include "compare/earth_mover.h"
#include "maps.h"

namespace faultline::compare {
namespace {

using Amounts = std::vector<std::int64_t>;

// The assignment with unit amounts, by trying every permutation.
double least_assignment(const std::vector<double>& cost, std::size_t n) {
  std::vector<std::size_t> partner(n);
  std::iota(partner.begin(), partner.end(), 0U);
  double least = 1e300;
  do {
    double total = 0;
    for (std::size_t i = 0; i < n; ++i) total += cost[i * n + partner[i]];
    least = std::min(least, total);
  } while (std::next_permutation(partner.begin(), partner.end()));
  return least;
}

TEST(Transport, ByHand) {
  // 3 and 5 to bring to 4, 2 and 2: 3 to the first; of the 5, 1 to the first, 2 to the second, 2 to the
  // third.
  EXPECT_DOUBLE_EQ(
      least_transport_cost(Amounts{3, 5}, Amounts{4, 2, 2}, std::vector<double>{1, 9, 9, 3, 1, 2}),
      3 * 1 + 1 * 3 + 2 * 1 + 2 * 2);
  EXPECT_DOUBLE_EQ(least_transport_cost(Amounts{}, Amounts{}, std::vector<double>{}), 0);
}

TEST(Transport, IsTheLeastOfAllAssignments) {
  for (int seed = 0; seed < 50; ++seed) {
    const RandomStream random(static_cast<std::uint64_t>(seed), "assignment");
    constexpr std::size_t kSize = 6;
    std::vector<double> cost(kSize * kSize);
    // Half of them whole numbers, so that many costs tie.
    for (std::size_t i = 0; i < cost.size(); ++i) {
      cost[i] = seed % 2 == 0 ? random.uniform(i) : static_cast<double>(random.below(i, 4));
    }
    const Amounts ones(kSize, 1);
    EXPECT_NEAR(least_transport_cost(ones, ones, cost), least_assignment(cost, kSize), 1e-12);
  }
}

TEST(Transport, RefusesUnbalancedProblems) {
  EXPECT_THROW(least_transport_cost(Amounts{1}, Amounts{2}, std::vector<double>{1}), ContractError);
  EXPECT_THROW(least_transport_cost(Amounts{0}, Amounts{0}, std::vector<double>{1}), ContractError);
  EXPECT_THROW(least_transport_cost(Amounts{1}, Amounts{1}, std::vector<double>{-1}), ContractError);
  EXPECT_THROW(least_transport_cost(Amounts{1}, Amounts{1}, std::vector<double>{1, 2}), ContractError);
}

// On a line the distance is the area between the cumulative distributions.
TEST(EarthMover, OnALineIsTheAreaBetweenTheDistributions) {
  for (int seed = 0; seed < 40; ++seed) {
    const RankedMap p(test::awkward_map(1, 8, seed));
    const RankedMap q(test::awkward_map(1, 8, seed + 1000));
    if (p.blank() || q.blank()) continue;
    double ahead = 0;
    double area = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      ahead += p.values()[i] / p.mass() - q.values()[i] / q.mass();
      area += std::abs(ahead);
    }
    EXPECT_NEAR(earth_mover_distance(p, q).value(), area / std::sqrt(65.0), 1e-10);
    EXPECT_NEAR(earth_mover_distance(q, p).value(), area / std::sqrt(65.0), 1e-10);
  }
}

TEST(EarthMover, MovesAcrossALargeMapByItsOwnGeometry) {
  // 4 x 16 averages to 4 x 8, two columns each: from the first pair of columns to the last is 14 cells.
  DoubleTensor left(Shape{4, 16});
  DoubleTensor right(Shape{4, 16});
  left[0] = 1;
  right[15] = 1;
  EXPECT_NEAR(earth_mover_distance(RankedMap(left), RankedMap(right)).value(), 14 / std::hypot(4.0, 16.0),
              1e-12);
}

TEST(EarthMover, ObeysTheTriangleInequality) {
  for (int seed = 0; seed < 30; ++seed) {
    const RankedMap a(test::awkward_map(9, 7, 3 * seed));
    const RankedMap b(test::awkward_map(9, 7, 3 * seed + 1));
    const RankedMap c(test::awkward_map(9, 7, 3 * seed + 2));
    if (a.blank() || b.blank() || c.blank()) continue;
    EXPECT_LE(earth_mover_distance(a, c).value(),
              earth_mover_distance(a, b).value() + earth_mover_distance(b, c).value() + 1e-10);
  }
}

TEST(AreaAverage, SharesCellsByArea) {
  const DoubleTensor map(Shape{1, 3}, {1, 2, 6});
  const DoubleTensor halves = area_average(map, 2);
  EXPECT_EQ(halves.shape(), (Shape{1, 2}));
  EXPECT_DOUBLE_EQ(halves[0], (1 + 0.5 * 2) / 1.5);
  EXPECT_DOUBLE_EQ(halves[1], (0.5 * 2 + 6) / 1.5);
}

TEST(AreaAverage, KeepsTheMeanAndSmallMaps) {
  const DoubleTensor map = test::awkward_map(13, 20, 0);
  const DoubleTensor coarse = area_average(map, 8);
  EXPECT_EQ(coarse.shape(), (Shape{8, 8}));
  const auto mean = [](const DoubleTensor& of) {
    return std::accumulate(of.values().begin(), of.values().end(), 0.0) / static_cast<double>(of.elements());
  };
  EXPECT_NEAR(mean(coarse) / mean(map), 1, 1e-14);
  const DoubleTensor small(Shape{2, 3}, {1, 2, 3, 4, 5, 6});
  const DoubleTensor same = area_average(small, 8);
  EXPECT_EQ(same.shape(), small.shape());
  for (std::int64_t i = 0; i < small.elements(); ++i) EXPECT_EQ(same[i], small[i]);
}

}  // namespace
}  // namespace faultline::compare
