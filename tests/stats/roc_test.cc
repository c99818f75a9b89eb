#include "stats/roc.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "samples.h"
#include "stored.h"

namespace faultline::stats {
namespace {

double trapezoids(const std::vector<RocPoint>& curve) {
  double area = 0;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    area += (curve[i].false_positive_rate - curve[i - 1].false_positive_rate) *
            (curve[i].true_positive_rate + curve[i - 1].true_positive_rate) / 2;
  }
  return area;
}

TEST(Roc, StoredCurves) {
  for (const auto& of : test::stored("roc")) {
    const std::vector<double> positives = of.at("positives");
    const std::vector<double> negatives = of.at("negatives");
    const auto curve = roc_curve(positives, negatives);
    const std::size_t scores = of.at("thresholds").size();
    ASSERT_EQ(curve.size(), scores + 1);
    for (std::size_t i = 0; i < scores; ++i) {
      EXPECT_EQ(curve[i].threshold, of.at("thresholds")[i].get<double>());
      test::expect_figure(curve[i].false_positive_rate, of.at("false_positive_rates")[i], "false");
      test::expect_figure(curve[i].true_positive_rate, of.at("true_positive_rates")[i], "true");
    }
    test::expect_figure(trapezoids(curve), of.at("area"), "area");
    EXPECT_EQ(threshold_at(negatives, of.at("rate")), of.at("threshold").get<double>());
  }
}

TEST(Roc, LeadsFromCornerToCorner) {
  const auto curve = roc_curve(std::vector<double>{2, 5}, std::vector<double>{2, -1});
  ASSERT_EQ(curve.size(), 4U);
  EXPECT_EQ(curve.front().threshold, 5);
  EXPECT_EQ(curve.front().true_positive_rate, 0);
  EXPECT_EQ(curve.front().false_positive_rate, 0);
  EXPECT_LT(curve.back().threshold, -1);
  EXPECT_TRUE(std::isfinite(curve.back().threshold));
  EXPECT_EQ(curve.back().true_positive_rate, 1);
  EXPECT_EQ(curve.back().false_positive_rate, 1);
}

TEST(Roc, IsEmptyWithoutEitherKind) {
  const std::vector<double> some = {1, 2};
  EXPECT_TRUE(roc_curve(some, {}).empty());
  EXPECT_TRUE(roc_curve({}, some).empty());
  EXPECT_FALSE(threshold_at({}, 0.05));
}

// No lower threshold among the negatives keeps the rate; scores may tie.
TEST(Roc, ThresholdKeepsTheRate) {
  for (const std::size_t n : {1U, 5U, 20U, 40U, 60U, 200U}) {
    std::vector<double> negatives = test::normals("threshold", 0, n);
    for (double& x : negatives) x = std::round(5 * x);
    for (const double rate : {0.0, 0.05, 0.3}) {
      const double threshold = *threshold_at(negatives, rate);
      EXPECT_LE(static_cast<double>(count_above(negatives, threshold)), rate * static_cast<double>(n) + 1e-9);
      for (const double lower : negatives) {
        if (lower >= threshold) continue;
        EXPECT_GT(static_cast<double>(count_above(negatives, lower)), rate * static_cast<double>(n));
      }
    }
  }
}

TEST(Roc, ThresholdOfRoundNumbers) {
  std::vector<double> hundred;
  for (int i = 1; i <= 100; ++i) hundred.push_back(i);
  EXPECT_EQ(threshold_at(hundred, 0.05), 95);
  EXPECT_EQ(threshold_at(hundred, 0.07),
            93);  // 0.07 100 is a little more than 7 in double, 0.29 100 less than 29
  EXPECT_EQ(threshold_at(hundred, 0.29), 71);
  EXPECT_EQ(threshold_at(hundred, 0), 100);
  EXPECT_EQ(count_above(hundred, 95), 5U);
}

// New negatives: about as many above as the rate says.
TEST(Roc, ThresholdHoldsForNewNegatives) {
  int above = 0;
  for (int i = 0; i < 100; ++i) {
    const double threshold = *threshold_at(test::normals("half", i, 200), 0.05);
    above += static_cast<int>(count_above(test::normals("other half", i, 50), threshold));
  }
  EXPECT_NEAR(above / 5000.0, 11.0 / 201, 3.5 * std::sqrt(0.05 * 0.95 * (1.0 / 5000 + 1.0 / 20000)));
}

TEST(Roc, RefusesWhatIsNotFinite) {
  const std::vector<double> bad = {1, test::kNan};
  const std::vector<double> good = {1, 2};
  EXPECT_THROW(roc_curve(bad, good), ContractError);
  EXPECT_THROW(roc_curve(good, bad), ContractError);
  EXPECT_THROW(threshold_at(bad, 0.05), ContractError);
  EXPECT_THROW(threshold_at(good, 1), ContractError);
  EXPECT_THROW(count_above(bad, 0), ContractError);
}

}  // namespace
}  // namespace faultline::stats
