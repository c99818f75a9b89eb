#include "stats/midranks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "samples.h"

namespace faultline::stats {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Midranks, EqualValuesShareTheMeanOfTheirRanks) {
  const Midranks ranked = midranks(std::vector<double>{3, 1, 3, 0, 1, 3, 9});
  EXPECT_THAT(ranked.ranks, ElementsAre(5, 2.5, 5, 1, 2.5, 5, 7));
  EXPECT_THAT(ranked.ties, ElementsAre(2, 3));
  EXPECT_EQ(tie_term(ranked.ties), 6 + 24);
}

TEST(Midranks, WithoutTies) {
  const Midranks ranked = midranks(std::vector<double>{0.5, -1, 2});
  EXPECT_THAT(ranked.ranks, ElementsAre(2, 1, 3));
  EXPECT_THAT(ranked.ties, IsEmpty());
  EXPECT_THAT(midranks({}).ranks, IsEmpty());
}

TEST(Midranks, BothZerosAreEqual) {
  EXPECT_THAT(midranks(std::vector<double>{0.0, -0.0}).ranks, ElementsAre(1.5, 1.5));
}

TEST(Midranks, RefuseWhatIsNotFinite) {
  EXPECT_THROW(midranks(std::vector<double>{1, test::kNan}), ContractError);
}

}  // namespace
}  // namespace faultline::stats
