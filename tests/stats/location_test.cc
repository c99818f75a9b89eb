#include "stats/location.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "samples.h"

namespace faultline::stats {
namespace {

TEST(Location, ByHand) {
  EXPECT_EQ(mean(std::vector<double>{1, 2, 6}), 3);
  EXPECT_EQ(median(std::vector<double>{6, 1, 2}), 2);
  EXPECT_EQ(median(std::vector<double>{6, 1, 2, 3}), 2.5);
}

TEST(Location, OfNothingIsMissing) {
  EXPECT_FALSE(mean({}));
  EXPECT_FALSE(median({}));
}

TEST(Location, OfEqualValuesIsThatValue) {
  for (const double x : {0.1, -1e300, 3e-310}) {
    EXPECT_EQ(mean(std::vector<double>(7, x)), x);
    EXPECT_EQ(median(std::vector<double>(8, x)), x);
  }
}

// A thousandth beside a billion: the differences keep their digits.
TEST(Location, MeanFarFromZero) {
  EXPECT_DOUBLE_EQ(*mean(std::vector<double>{1e9, 1e9 + 0.0009765625, 1e9 + 0.001953125}),
                   1e9 + 0.0009765625);
}

TEST(Location, RefusesWhatIsNotFinite) {
  EXPECT_THROW(mean(std::vector<double>{1, test::kNan}), ContractError);
  EXPECT_THROW(median(std::vector<double>{1, test::kInfinity}), ContractError);
}

}  // namespace
}  // namespace faultline::stats
