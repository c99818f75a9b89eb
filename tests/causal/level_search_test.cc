#include "causal/level_search.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"

namespace faultline::causal {
namespace {

TEST(FirstDecidingLevel, IsTheThresholdForFewQuestions) {
  for (std::size_t count = 1; count <= 9; ++count) {
    for (std::size_t threshold = 0; threshold <= count; ++threshold) {
      std::size_t asked = 0;
      const auto found = first_deciding_level(count, [&](std::size_t level) {
        ++asked;
        return level >= threshold;
      });
      EXPECT_EQ(found, threshold < count ? std::optional(threshold) : std::nullopt);
      EXPECT_LE(asked, count <= 1 ? 1U : count <= 2 ? 2U : count <= 4 ? 3U : count <= 8 ? 4U : 5U);
    }
  }
  EXPECT_THROW(first_deciding_level(0, [](std::size_t) { return true; }), ContractError);
}

// Where decisions go up and down, the level below the one found does not decide.
TEST(FirstDecidingLevel, StandsBesideOneThatDoesNotDecide) {
  const std::vector<bool> decides = {false, true, false, false, true, false, true, true};
  const auto found = first_deciding_level(decides.size(), [&](std::size_t i) { return decides[i]; });
  ASSERT_TRUE(found);
  EXPECT_TRUE(decides[*found]);
  EXPECT_FALSE(decides[*found - 1]);
}

}  // namespace
}  // namespace faultline::causal
