#include "stats/kendall_tau.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "samples.h"
#include "stored.h"

namespace faultline::stats {
namespace {

TEST(KendallTau, StoredTests) {
  for (const auto& of : test::stored("kendall_tau")) {
    const auto found =
        kendall_tau(of.at("a").get<std::vector<double>>(), of.at("b").get<std::vector<double>>());
    ASSERT_TRUE(found) << of.dump();
    test::expect_figure(found->tau, of.at("tau"), of.dump());
    test::expect_figure(found->p, of.at("p"), of.dump());
    EXPECT_EQ(found->exact, of.at("exact").get<bool>()) << of.dump();
  }
}

TEST(KendallTau, IsSymmetricAndFollowsOnlyTheOrder) {
  const std::vector<double> a = test::normals("tau", 0, 40);
  std::vector<double> b = test::normals("tau", 1, 40);
  for (double& x : b) x = std::round(x);
  const KendallTau found = *kendall_tau(a, b);
  EXPECT_EQ(kendall_tau(b, a)->tau, found.tau);
  EXPECT_EQ(kendall_tau(b, a)->p, found.p);
  std::vector<double> mapped = a;
  for (double& x : mapped) x = std::exp(3 * x) - 5;
  EXPECT_EQ(kendall_tau(mapped, b)->tau, found.tau);
  for (double& x : b) x = -x;
  EXPECT_EQ(kendall_tau(a, b)->tau, -found.tau);
  EXPECT_EQ(kendall_tau(a, b)->p, found.p);
}

TEST(KendallTau, OfEqualAndOppositeOrders) {
  const std::vector<double> up = {1, 2, 3, 4, 5, 6};
  const std::vector<double> down = {6, 5, 4, 3, 2, 1};
  EXPECT_DOUBLE_EQ(kendall_tau(up, up)->tau, 1);
  EXPECT_DOUBLE_EQ(kendall_tau(up, down)->tau, -1);
  EXPECT_DOUBLE_EQ(kendall_tau(up, down)->p, 2.0 / 720);
}

TEST(KendallTau, IsMissingWithoutAnOrder) {
  EXPECT_FALSE(kendall_tau({}, {}));
  EXPECT_FALSE(kendall_tau(std::vector<double>{1}, std::vector<double>{2}));
  EXPECT_FALSE(kendall_tau(std::vector<double>{1, 2, 3}, std::vector<double>{5, 5, 5}));
}

TEST(KendallTau, RefusesWhatIsNoPairOfRankings) {
  EXPECT_THROW(kendall_tau(std::vector<double>{1, 2}, std::vector<double>{1}), ContractError);
  EXPECT_THROW(kendall_tau(std::vector<double>{1, 2}, std::vector<double>{1, test::kNan}), ContractError);
}

// All 720 orders: the share with p of at most any p that occurs is that p.
TEST(KendallTau, RejectsAsOftenAsItSays) {
  std::vector<double> order(6);
  std::iota(order.begin(), order.end(), 0.0);
  const std::vector<double> fixed = order;
  std::vector<double> p;
  do p.push_back(kendall_tau(fixed, order)->p);
  while (std::next_permutation(order.begin(), order.end()));
  ASSERT_EQ(p.size(), 720U);
  for (const double level : p) {
    const auto rejected =
        std::count_if(p.begin(), p.end(), [=](double x) { return x <= level * (1 + 1e-12); });
    EXPECT_NEAR(static_cast<double>(rejected) / 720, level, 1e-12);
  }
}

}  // namespace
}  // namespace faultline::stats
