#include "compare/ranked_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "maps.h"

namespace faultline::compare {
namespace {

using test::map_of;
using ::testing::ElementsAre;

TEST(RankedMap, SortsPositiveCellsWithTiesInRowMajorOrder) {
  const RankedMap map = map_of(2, 3, {2, 0, 4, 2, 0, 1});
  EXPECT_THAT(map.values(), ElementsAre(0.5, 0, 1, 0.5, 0, 0.25));
  EXPECT_THAT(map.descending(), ElementsAre(2, 0, 3, 5));
  EXPECT_EQ(map.mass(), 2.25);
  EXPECT_FALSE(map.blank());
  EXPECT_FALSE(map.constant());
}

TEST(RankedMap, KnowsBlankAndConstantMaps) {
  EXPECT_TRUE(map_of(1, 3, {0, 0, 0}).blank());
  EXPECT_TRUE(map_of(1, 3, {0, 0, 0}).constant());
  EXPECT_TRUE(map_of(1, 3, {0.1, 0.1, 0.1}).constant());
  EXPECT_FALSE(map_of(1, 3, {0.1, 0.1, 0.1}).blank());
  EXPECT_FALSE(map_of(1, 3, {0.1, 0.1, 0}).constant());
  EXPECT_TRUE(map_of(1, 1, {3}).constant());
}

TEST(RankedMap, RefusesWhatIsNoHeatmap) {
  EXPECT_THROW(map_of(1, 2, {1, -1}), ContractError);
  EXPECT_THROW(map_of(1, 2, {1, std::numeric_limits<double>::quiet_NaN()}), ContractError);
  EXPECT_THROW(map_of(1, 2, {1, std::numeric_limits<double>::infinity()}), ContractError);
  EXPECT_THROW(RankedMap(DoubleTensor(Shape{3})), ContractError);
  EXPECT_THROW(RankedMap(DoubleTensor(Shape{0, 3})), ContractError);
  EXPECT_THROW(require_same_size(map_of(1, 2, {1, 2}), map_of(2, 1, {1, 2})), ContractError);
}

}  // namespace
}  // namespace faultline::compare
