#include "findings/verdict.h"

#include <gtest/gtest.h>

#include "findings/answer.h"
#include "findings/rules.h"

namespace faultline::findings {
namespace {

Measure between(double lower, double upper, std::size_t n = 100) {
  return {
      .name = "a measure",
      .estimate = stats::Estimate{.value = (lower + upper) / 2, .interval = stats::Interval{lower, upper}},
      .n = n};
}

TEST(Verdict, ComparesTheIntervalWithTheBar) {
  EXPECT_EQ(exceeds(between(0.051, 0.2), 0.05), Verdict::supported);
  EXPECT_EQ(exceeds(between(0.05, 0.2), 0.05), Verdict::undecided);  // not above
  EXPECT_EQ(exceeds(between(0.04, 0.06), 0.05), Verdict::undecided);
  EXPECT_EQ(exceeds(between(-0.1, 0.05), 0.05), Verdict::undecided);  // not below
  EXPECT_EQ(exceeds(between(-0.1, 0.049), 0.05), Verdict::not_supported);
}

TEST(Verdict, MayRefuteBelowAnotherBar) {
  EXPECT_EQ(exceeds(between(0.76, 0.9), 0.75, 0.5), Verdict::supported);
  EXPECT_EQ(exceeds(between(0.55, 0.7), 0.75, 0.5), Verdict::undecided);
  EXPECT_EQ(exceeds(between(0.3, 0.49), 0.75, 0.5), Verdict::not_supported);
}

TEST(Verdict, IsNotSaidWithoutAnInterval) {
  EXPECT_EQ(exceeds({}, 0.05), Verdict::not_said);
  const Measure single{.name = "one image", .estimate = stats::Estimate{.value = 3, .interval = {}}, .n = 1};
  EXPECT_EQ(exceeds(single, 0.05), Verdict::not_said);
}

TEST(Verdict, OfAllNeedsEachAndFallsWithOne) {
  using enum Verdict;
  EXPECT_EQ(all_of(std::vector{supported, supported}), supported);
  EXPECT_EQ(all_of(std::vector{supported, undecided}), undecided);
  EXPECT_EQ(all_of(std::vector{supported, not_said}), not_said);
  EXPECT_EQ(all_of(std::vector{undecided, not_said}), not_said);
  EXPECT_EQ(all_of(std::vector{not_said, not_supported}), not_supported);
  EXPECT_EQ(all_of(std::vector{supported, undecided, not_supported}), not_supported);
  EXPECT_EQ(all_of({}), not_said);
}

TEST(Verdict, HasItsWords) {
  EXPECT_EQ(name_of(Verdict::supported), "supported");
  EXPECT_EQ(name_of(Verdict::not_supported), "not supported");
  EXPECT_EQ(name_of(Verdict::undecided), "undecided");
  EXPECT_EQ(name_of(Verdict::not_said), "not said");
}

TEST(Lacking, AsksForImagesAndAnInterval) {
  EXPECT_EQ(lacking(between(0, 1, kFewestForVerdict)), "");
  EXPECT_NE(lacking(between(0, 1, kFewestForVerdict - 1)), "");
  EXPECT_NE(lacking(Measure{.n = 1000}), "");
}

}  // namespace
}  // namespace faultline::findings
