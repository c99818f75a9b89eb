#include "stats/simultaneous_bands.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "samples.h"
#include "stored.h"

namespace faultline::stats {
namespace {

TEST(SimultaneousBands, StoredTables) {
  for (const auto& of : test::stored("bands")) {
    const std::vector<double> values = of.at("values");
    const auto bands = simultaneous_bands(Table(values, of.at("columns")), test::options_of(of));
    ASSERT_TRUE(bands);
    for (std::size_t j = 0; j < bands->size(); ++j) {
      test::expect_figure((*bands)[j].value, of.at("mean")[j], "mean");
      test::expect_interval((*bands)[j].interval, {of.at("lower")[j], of.at("upper")[j]}, "band");
    }
  }
}

// Rows of `columns` normal numbers that share a part: correlation 1/2.
std::vector<double> correlated(const std::string& name, int number, std::size_t units, std::size_t columns) {
  const std::vector<double> noise = test::normals(name, number, units * (columns + 1));
  std::vector<double> values;
  for (std::size_t i = 0; i < units; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      values.push_back((noise[i] + noise[units + i * columns + j]) / std::sqrt(2.0));
    }
  }
  return values;
}

std::vector<Estimate> bands_of(const std::vector<double>& values, std::size_t columns,
                               const BootstrapOptions& options = {.resamples = 1000}) {
  return *simultaneous_bands(Table(values, columns), options);
}

TEST(SimultaneousBands, FollowShiftAndScaleOfEachColumn) {
  const std::vector<double> values = correlated("affine", 0, 25, 3);
  std::vector<double> moved = values;
  const double scale[] = {0.5, 1024, 2};
  const double shift[] = {-3, 0, 100};
  for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = scale[i % 3] * moved[i] + shift[i % 3];
  const auto found = bands_of(values, 3);
  const auto mapped = bands_of(moved, 3);
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(mapped[j].interval->lower, scale[j] * found[j].interval->lower + shift[j], 1e-11 * scale[j]);
    EXPECT_NEAR(mapped[j].interval->upper, scale[j] * found[j].interval->upper + shift[j], 1e-11 * scale[j]);
  }
}

TEST(SimultaneousBands, NeitherOrderNorThreadsMatter) {
  const std::vector<double> values = correlated("order", 0, 30, 4);
  std::vector<double> reversed;
  for (std::size_t row = 30; row-- > 0;) {
    reversed.insert(reversed.end(), values.begin() + static_cast<std::ptrdiff_t>(4 * row),
                    values.begin() + static_cast<std::ptrdiff_t>(4 * row + 4));
  }
  const auto found = test::under_threads([&] { return bands_of(values, 4); });
  const auto other = bands_of(reversed, 4);
  for (std::size_t j = 0; j < 4; ++j) {
    test::expect_same(found[0][j], found[1][j]);
    test::expect_same(found[0][j], found[2][j]);
    test::expect_same(found[0][j], other[j]);
  }
}

double half_width(const Estimate& of) {
  return (of.interval->upper - of.interval->lower) / 2;
}

// More columns, wider bands; the same column again and again costs nothing.
TEST(SimultaneousBands, PayForIndependentColumnsOnly) {
  const std::vector<double> noise = test::normals("columns", 0, 400);
  const std::vector<double> first(noise.begin(), noise.begin() + 40);
  std::vector<double> copies;
  std::vector<double> independent;
  for (std::size_t i = 0; i < 40; ++i) {
    for (std::size_t j = 0; j < 10; ++j) {
      copies.push_back(first[i]);
      independent.push_back(noise[40 * j + i]);
    }
  }
  const double alone = half_width(bands_of(first, 1)[0]);
  EXPECT_NEAR(half_width(bands_of(copies, 10)[3]), alone, 1e-12);
  EXPECT_GT(half_width(bands_of(independent, 10)[0]), 1.2 * alone);
}

TEST(SimultaneousBands, OfColumnsOfEqualValues) {
  std::vector<double> values = correlated("equal", 0, 20, 2);
  std::vector<double> with_equal;
  for (std::size_t i = 0; i < 20; ++i)
    with_equal.insert(with_equal.end(), {values[2 * i], 0.1, values[2 * i + 1]});
  const auto found = bands_of(with_equal, 3);
  const auto without = bands_of(values, 2);
  EXPECT_EQ(found[1].value, 0.1);
  EXPECT_EQ(found[1].interval->lower, 0.1);
  EXPECT_EQ(found[1].interval->upper, 0.1);
  test::expect_same(found[0], without[0]);
  test::expect_same(found[2], without[1]);
  const auto only_equal = bands_of(std::vector<double>(12, 0.7), 3);
  for (const Estimate& band : only_equal) EXPECT_EQ(band.interval->upper, 0.7);
}

// One of 30 units differs: a third of all resamples draw none of it, so their spread is 0.
TEST(SimultaneousBands, AreMissingWhereTooFewUnitsDiffer) {
  std::vector<double> values;
  for (int i = 0; i < 30; ++i) values.insert(values.end(), {0.1, i == 0 ? 0.3 : 0.1});
  const auto found = bands_of(values, 2);
  EXPECT_TRUE(found[0].interval);
  EXPECT_FALSE(found[1].interval);
}

TEST(SimultaneousBands, OfVeryFewUnits) {
  EXPECT_FALSE(simultaneous_bands(Table({}, 3)));
  const auto one = bands_of({1, 2}, 2);
  EXPECT_EQ(one[1].value, 2);
  EXPECT_FALSE(one[1].interval);
  EXPECT_FALSE(bands_of({1, 2, 4}, 1)[0].interval);  // 3 of 27 resamples draw one value only
  EXPECT_THROW(bands_of({1, 2}, 2, {.resamples = 0}), ContractError);
}

bool all_hold(const std::vector<Estimate>& bands, double truth) {
  for (const Estimate& band : bands) {
    if (!test::contains(*band.interval, truth)) return false;
  }
  return true;
}

// The family-wise error where all means are 0: 8 correlated columns of 40 units.
TEST(SimultaneousBands, HoldTogetherAsOftenAsTheySay) {
  constexpr int kTables = 800;
  int held = 0;
  for (int i = 0; i < kTables; ++i) {
    const BootstrapOptions options = {.resamples = 400, .seed = static_cast<std::uint64_t>(i)};
    held += all_hold(bands_of(correlated("null", i, 40, 8), 8, options), 0) ? 1 : 0;
  }
  test::expect_share(held, kTables, 0.95);
}

}  // namespace
}  // namespace faultline::stats
