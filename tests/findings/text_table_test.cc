#include "findings/text_table.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "findings/eps_words.h"
#include "findings/numbers.h"

namespace faultline::findings {
namespace {

TEST(TextTable, AlignsItsColumns) {
  EXPECT_EQ(text_table({{"a", "number"}, {"longer", "1"}, {"é", ""}}, 2),
            "  a       number\n"
            "  longer  1\n"
            "  é\n");
  EXPECT_EQ(text_table({}, 2), "");
}

TEST(TextTable, OfHostileNamesKeepsItsLines) {
  EXPECT_EQ(text_table({{"a\nb\033", "c"}}, 0), "a?b?  c\n");
  EXPECT_THROW(text_table({{"a", "b"}, {"c"}}, 0), ContractError);
}

TEST(InShort, IsTheValueAndItsInterval) {
  const Measure measure{
      .estimate = stats::Estimate{.value = 0.5, .interval = stats::Interval{.lower = 0.25, .upper = 0.625}},
      .n = 9};
  EXPECT_EQ(in_short(measure), "0.5 (0.25 to 0.625)");
  EXPECT_EQ(in_percent(measure), "50 % (25 to 62)");
  EXPECT_EQ(percent_in_words(measure), "50 % (95 % interval 25 to 62 %, n = 9)");
  EXPECT_EQ(percent_in_words({}), "not measured (n = 0)");
  EXPECT_EQ(in_short({}), "-");
  EXPECT_EQ(in_percent({}), "-");
}

TEST(EpsWords, AreInTheUnitsOfTheNorm) {
  const CensoredMedian eps{.value = 2.0 / 255, .lower = 1.0 / 255, .upper = 4.0 / 255, .n = 3};
  store::ConditionRow condition{.attack = "pgd", .settings = R"({"norm":"linf"})"};
  EXPECT_EQ(eps_words(condition, eps), "2/255 (1 to 4)");
  condition = {.attack = "apgd-ce", .settings = R"({"norm":"l2"})"};
  EXPECT_EQ(eps_words(condition, {.value = 0.5, .lower = 0.25, .upper = 1, .n = 3}), "0.5 (0.25 to 1)");
  EXPECT_EQ(eps_words({.attack = "pgd-l2", .settings = "{}"}, {.value = 0.5, .n = 1}), "0.5");
}

TEST(EpsWords, SayWhatIsBeyond) {
  const store::ConditionRow condition{.attack = "ni-fgsm", .settings = "{}"};
  EXPECT_EQ(eps_words(condition, {}), "-");
  EXPECT_EQ(eps_words(condition, {.value = 2.0 / 255, .lower = 1.0 / 255, .limit = 64.0 / 255, .n = 3}),
            "2/255 (1 to more than 64)");
  EXPECT_EQ(eps_words(condition, {.limit = 64.0 / 255, .censored = 3, .n = 3}), "more than 64/255");
  const double floor = 0.25 / 255;
  CensoredMedian eps{
      .value = floor, .lower = floor, .upper = 1.0 / 255, .floor = floor, .at_floor = 5, .n = 8};
  EXPECT_EQ(eps_words(condition, eps), "at most 0.25/255 (at most 0.25 to 1)");
  eps.upper = floor;
  EXPECT_EQ(eps_words(condition, eps), "at most 0.25/255");
  eps.value = eps.lower = eps.upper = 0.5 / 255;
  EXPECT_EQ(eps_words(condition, eps), "0.5/255 (0.5 to 0.5)");
}

}  // namespace
}  // namespace faultline::findings
