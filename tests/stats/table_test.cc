#include "stats/table.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"
#include "samples.h"

namespace faultline::stats {
namespace {

TEST(Table, HasARowForEachUnit) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6};
  const Table table(values, 3);
  EXPECT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.at(1, 0), 4);
  EXPECT_EQ(table.row(1)[2], 6);
  EXPECT_EQ(Table({}, 3).rows(), 0U);
}

TEST(Table, RefusesWhatIsNoTable) {
  const std::vector<double> values = {1, 2, 3, 4};
  EXPECT_THROW(Table(values, 0), ContractError);
  EXPECT_THROW(Table(values, 3), ContractError);
  EXPECT_THROW(Table(std::vector<double>{1, test::kNan}, 1), ContractError);
  EXPECT_THROW(Table(std::vector<double>{test::kInfinity, 1}, 2), ContractError);
}

}  // namespace
}  // namespace faultline::stats
