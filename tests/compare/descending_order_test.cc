#include "compare/descending_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/philox.h"

namespace faultline::compare {
namespace {

using ::testing::ElementsAre;
using Order = std::vector<std::uint32_t>;

Order by_comparison(const std::vector<double>& values) {
  Order order;
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    if (values[i] > 0) order.push_back(i);
  }
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) { return values[a] > values[b]; });
  return order;
}

TEST(DescendingOrder, LeavesZeroesOutAndKeepsTheOrderOfEqualValues) {
  EXPECT_THAT(descending_order(std::vector<double>{0.5, 0, 1, 0.5, 0.25, 1}), ElementsAre(2, 5, 0, 3, 4));
  EXPECT_THAT(descending_order(std::vector<double>{0, 0}), ElementsAre());
  EXPECT_THAT(descending_order(std::vector<double>{}), ElementsAre());
}

TEST(DescendingOrder, TellsValuesOfTheSameFirstBitsApart) {
  const double next = std::nextafter(0.5, 1.0);
  EXPECT_THAT(descending_order(std::vector<double>{0.5, next, 0.5}), ElementsAre(1, 0, 2));
  EXPECT_THAT(descending_order(std::vector<double>{5e-324, 1e-323, 1.0}), ElementsAre(2, 1, 0));
}

// Few and many values, on both sides of what is counted instead of compared; runs of equal keys, subnormals.
TEST(DescendingOrder, IsThatOfAComparisonSort) {
  const RandomStream stream(1, "order");
  for (const std::uint64_t count : {1U, 511U, 512U, 513U, 5000U, 50176U}) {
    std::vector<double> spread;
    std::vector<double> crowded;
    std::vector<double> tiny;
    for (std::uint64_t i = 0; i < count; ++i) {
      const double u = stream.uniform(i);
      spread.push_back(u < 0.3 ? 0 : std::pow(u, 8));
      crowded.push_back(0.5 + 1e-9 * std::floor(50 * u));
      tiny.push_back(u * 1e-310);
    }
    EXPECT_EQ(descending_order(spread), by_comparison(spread));
    EXPECT_EQ(descending_order(crowded), by_comparison(crowded));
    EXPECT_EQ(descending_order(tiny), by_comparison(tiny));
    EXPECT_EQ(descending_order(std::vector<double>(count, 0.25)),
              by_comparison(std::vector<double>(count, 0.25)));
  }
}

}  // namespace
}  // namespace faultline::compare
