#include "findings/censored_median.h"

#include <gtest/gtest.h>

#include <vector>

namespace faultline::findings {
namespace {

Censored at(double value) {
  return {.value = value, .limit = 64};
}
const Censored kBeyond{.value = {}, .limit = 64};

TEST(CensoredMedian, OfKnownValuesIsTheMedian) {
  const CensoredMedian median = censored_median(std::vector{at(3), at(1), at(2), at(5), at(4)});
  EXPECT_DOUBLE_EQ(*median.value, 3);
  EXPECT_GE(*median.lower, 1);
  EXPECT_LE(*median.upper, 5);
  EXPECT_EQ(median.n, 5U);
  EXPECT_EQ(median.censored, 0U);
  EXPECT_FALSE(median.limit);
}

TEST(CensoredMedian, CountsWhatIsBeyondAsLargest) {
  const CensoredMedian median = censored_median(std::vector{at(3), at(1), at(2), kBeyond, kBeyond});
  EXPECT_DOUBLE_EQ(*median.value, 3);
  EXPECT_FALSE(median.upper);
  EXPECT_TRUE(median.lower);
  EXPECT_DOUBLE_EQ(*median.limit, 64);
  EXPECT_EQ(median.censored, 2U);
}

TEST(CensoredMedian, SaysWhatIsOnlyKnownToBeAtMost) {
  std::vector<Censored> values(7, {.value = 0.25, .at_most = true});
  values.insert(values.end(), {at(1), at(2)});
  const CensoredMedian median = censored_median(values);
  EXPECT_EQ(median.at_floor, 7U);
  EXPECT_EQ(median.floor, 0.25);
  EXPECT_DOUBLE_EQ(*median.value, 0.25);
  EXPECT_TRUE(in_words(median).starts_with("at most 0.25 (95 % interval at most 0.25 to "))
      << in_words(median);
}

// The middle between a value and what is beyond is beyond, too.
TEST(CensoredMedian, MayBeBeyondItself) {
  EXPECT_FALSE(censored_median(std::vector{at(3), at(1), kBeyond, kBeyond}).value);
  const CensoredMedian all = censored_median(std::vector(10, kBeyond));
  EXPECT_FALSE(all.value);
  EXPECT_FALSE(all.lower);
  EXPECT_EQ(all.censored, 10U);
  EXPECT_EQ(in_words(all), "more than 64 (95 % interval more than 64 to more than 64, n = 10)");
}

TEST(CensoredMedian, NamesTheLeastLimit) {
  const std::vector<Censored> values = {at(1), {.value = {}, .limit = 30}, {.value = {}, .limit = 20}};
  EXPECT_DOUBLE_EQ(*censored_median(values).limit, 20);
}

TEST(CensoredMedian, OfNoOneAndTwo) {
  EXPECT_EQ(in_words(censored_median({})), "not measured (n = 0)");
  EXPECT_EQ(in_words(censored_median(std::vector{at(2)})), "2 (n = 1)");
  EXPECT_EQ(in_words(censored_median(std::vector{kBeyond})), "more than 64 (n = 1)");
  EXPECT_DOUBLE_EQ(*censored_median(std::vector{at(2), at(4)}).value, 3);
}

}  // namespace
}  // namespace faultline::findings
