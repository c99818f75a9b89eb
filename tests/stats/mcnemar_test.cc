#include "stats/mcnemar.h"

#include <gtest/gtest.h>

#include "stored.h"

namespace faultline::stats {
namespace {

TEST(McNemar, StoredTests) {
  for (const auto& of : test::stored("mcnemar")) {
    test::expect_figure(mcnemar_test(of.at("only_first"), of.at("only_second")), of.at("p"), of.dump());
  }
}

TEST(McNemar, IsSymmetric) {
  EXPECT_EQ(mcnemar_test(4, 11), mcnemar_test(11, 4));
  EXPECT_EQ(mcnemar_test(5, 5), 1);
  EXPECT_EQ(mcnemar_test(0, 0), 1);
}

}  // namespace
}  // namespace faultline::stats
