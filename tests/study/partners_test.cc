#include "study/partners.h"

#include <gtest/gtest.h>

namespace faultline::study {
namespace {

using Partners = std::vector<std::vector<std::size_t>>;

Partners choose(const std::vector<std::string>& hashes, const std::vector<int>& classes, int count = 1) {
  return choose_partners(hashes, classes, count);
}

TEST(Partners, AreTheNextOfAnotherClassInTheOrderOfHashes) {
  // In the order of hashes: 2 (class 0), 0 (class 0), 3 (class 1), 1 (class 0).
  EXPECT_EQ(choose({"b", "d", "a", "c"}, {0, 0, 0, 1}), (Partners{{3}, {3}, {3}, {1}}));
  EXPECT_EQ(choose({"b", "d", "a", "c"}, {0, 0, 0, 1}, 2), (Partners{{3}, {3}, {3}, {1, 2}}));
}

TEST(Partners, DoNotDependOnTheOrderOfTheList) {
  EXPECT_EQ(choose({"a", "b", "c"}, {0, 1, 2}), (Partners{{1}, {2}, {0}}));
  EXPECT_EQ(choose({"c", "a", "b"}, {2, 0, 1}), (Partners{{1}, {2}, {0}}));
}

TEST(Partners, AreMissingWhereNoneHasAnotherClass) {
  EXPECT_EQ(choose({"a"}, {0}), (Partners{{}}));
  EXPECT_EQ(choose({"a", "b"}, {3, 3}), (Partners{{}, {}}));
  EXPECT_EQ(choose({"a", "b", "c"}, {0, -1, 1}), (Partners{{2}, {}, {0}}));
}

TEST(Partners, OfSeveralDrawsAreDifferentPictures) {
  EXPECT_EQ(choose({"a", "b", "b", "c"}, {0, 1, 1, 1}, 2), (Partners{{1, 3}, {0}, {0}, {0}}));
}

}  // namespace
}  // namespace faultline::study
