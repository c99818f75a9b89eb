#include "compare/concentration.h"

#include <gtest/gtest.h>

#include "maps.h"

namespace faultline::compare {
namespace {

using test::map_of;

TEST(Concentration, OfAnEvenMap) {
  const Concentration even = concentration(map_of(2, 2, {3, 3, 3, 3}));
  EXPECT_DOUBLE_EQ(even.entropy.value(), 1);
  EXPECT_DOUBLE_EQ(even.gini.value(), 0);
  EXPECT_DOUBLE_EQ(even.half_mass.value(), 0.5);
}

TEST(Concentration, OfASingleCell) {
  const Concentration single = concentration(map_of(2, 2, {0, 0, 5, 0}));
  EXPECT_DOUBLE_EQ(single.entropy.value(), 0);
  EXPECT_DOUBLE_EQ(single.gini.value(), 0.75);
  EXPECT_DOUBLE_EQ(single.half_mass.value(), 0.25);
}

// p = 1/2, 1/4, 1/8, 1/8: 1.75 bits of 2. Gini: (-3 1 - 1 1 + 1 2 + 3 4) / (4 8).
TEST(Concentration, ByHand) {
  const Concentration measured = concentration(map_of(2, 2, {4, 2, 1, 1}));
  EXPECT_DOUBLE_EQ(measured.entropy.value(), 0.875);
  EXPECT_DOUBLE_EQ(measured.gini.value(), 0.3125);
  EXPECT_DOUBLE_EQ(measured.half_mass.value(), 0.25);
}

TEST(Concentration, IsMissingWhereUndefined) {
  const Concentration blank = concentration(map_of(1, 3, {0, 0, 0}));
  EXPECT_FALSE(blank.entropy || blank.gini || blank.half_mass);
  const Concentration one_cell = concentration(map_of(1, 1, {2}));
  EXPECT_FALSE(one_cell.entropy);
  EXPECT_EQ(one_cell.gini, 0);
  EXPECT_EQ(one_cell.half_mass, 1);
}

TEST(Concentration, HalfOfTheMassIsReachedDespiteRounding) {
  EXPECT_EQ(half_mass_cells(map_of(1, 4, {0.1, 0.1, 0.1, 0.1})), 2U);
  EXPECT_EQ(half_mass_cells(map_of(1, 6, {0.3, 0.1, 0.1, 0.1, 0.1, 0.1})), 2U);
  EXPECT_EQ(half_mass_cells(map_of(1, 2, {0, 0})), 0U);
}

TEST(Concentration, OfAwkwardMapsStaysInRange) {
  for (const Shape& size : test::awkward_sizes()) {
    for (int seed = 0; seed < 60; ++seed) {
      const RankedMap map(test::awkward_map(size[0], size[1], seed));
      const Concentration measured = concentration(map);
      EXPECT_EQ(measured.gini.has_value(), !map.blank());
      EXPECT_EQ(measured.entropy.has_value(), !map.blank() && map.cells() > 1);
      if (map.blank()) continue;
      EXPECT_TRUE(*measured.gini >= 0 && *measured.gini <= 1) << *measured.gini;
      EXPECT_TRUE(*measured.half_mass > 0 && *measured.half_mass <= 1) << *measured.half_mass;
      const double entropy = measured.entropy.value_or(0);
      EXPECT_TRUE(entropy >= 0 && entropy <= 1) << entropy;
    }
  }
}

}  // namespace
}  // namespace faultline::compare
