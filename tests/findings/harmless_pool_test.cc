#include "findings/harmless_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "stats/quantile.h"
#include "synthetic.h"

namespace faultline::findings {
namespace {

TEST(HarmlessPool, LeavesAnImageOut) {
  const HarmlessPool pool({{.value = 1, .image = 0}, {.value = 2, .image = 1}, {.value = 3, .image = 2}});
  EXPECT_DOUBLE_EQ(*pool.quantile(0.5), 2);
  EXPECT_DOUBLE_EQ(*pool.quantile_without(2, 0.5), 1.5);
  EXPECT_DOUBLE_EQ(*pool.quantile_without(0, 1), 3);
  EXPECT_DOUBLE_EQ(*pool.quantile_without(9, 0.5), 2);  // has nothing in it
  EXPECT_EQ(pool.size(), 3U);
}

TEST(HarmlessPool, IsTheQuantileOfTheOthers) {
  std::vector<HarmlessPool::Entry> entries;
  for (std::size_t image = 0; image < 12; ++image) {
    for (std::size_t i = 0; i < image % 4; ++i) {
      // Rounded, so that values tie.
      const double value = std::round(2 * test::normal("pool", image, i)) / 2;
      entries.push_back({.value = value, .image = image});
    }
  }
  const HarmlessPool pool(entries);
  for (std::size_t image = 0; image < 12; ++image) {
    std::vector<double> others;
    for (const auto& entry : entries) {
      if (entry.image != image) others.push_back(entry.value);
    }
    std::sort(others.begin(), others.end());
    for (const double p : {0.0, 0.3, 0.5, 0.95, 1.0})
      EXPECT_DOUBLE_EQ(*pool.quantile_without(image, p), stats::quantile(others, p)) << image << " " << p;
  }
}

TEST(HarmlessPool, IsMissingWithoutOthers) {
  EXPECT_FALSE(HarmlessPool({}).quantile(0.5));
  EXPECT_FALSE(HarmlessPool({}).quantile_without(0, 0.5));
  EXPECT_FALSE(HarmlessPool({{.value = 1, .image = 4}}).quantile_without(4, 0.5));
}

}  // namespace
}  // namespace faultline::findings
