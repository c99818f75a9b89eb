#include "base/parameter.h"

#include <gtest/gtest.h>

namespace faultline {
namespace {

TEST(ParseNumber, FractionsAndDecimals) {
  EXPECT_EQ(parse_number("8/255"), 8.0 / 255);
  EXPECT_EQ(parse_number("0.5/255"), 0.5 / 255);
  EXPECT_EQ(parse_number("0.03"), 0.03);
  EXPECT_EQ(parse_number("1e-3"), 1e-3);
  EXPECT_EQ(parse_number("0"), 0.0);
  EXPECT_EQ(parse_number("-4/8"), -0.5);
  EXPECT_EQ(parse_number("12"), 12.0);
}

TEST(ParseNumber, NothingElseIsANumber) {
  for (const std::string text :
       {"nan", "NaN", "inf", "8/0", "8/-255", "8/", "/255", "", " 8/255", "8/255 ", "8/255/2", "eight",
        "0x1p-4", "8,255", "1e600", "nan/nan", "1e300/1e-300", "+1", "1e"}) {
    EXPECT_FALSE(parse_number(text).has_value()) << text;
  }
}

TEST(WriteNumber, IsReadBackAsTheSame) {
  EXPECT_EQ(write_number(1e6), "1000000");
  EXPECT_EQ(write_number(-3), "-3");
  EXPECT_EQ(write_number(0.1), "0.1");
  for (const double value : {8.0 / 255, 1e-300, 1e300, -2.5, 0.0, 123456789012345678.0})
    EXPECT_EQ(parse_number(write_number(value)), value);
}

constexpr std::array<std::string_view, 2> kColours = {"red", "green"};

TEST(Describe, TellsKindRangeAndDefaultOfEveryKind) {
  EXPECT_EQ(describe(integer_parameter("steps", "10", 1, 1'000'000, "")),
            "steps (integer, 1 to 1000000; default 10)");
  EXPECT_EQ(describe(real_parameter("decay", "1", 0, kUnbounded, "")), "decay (real, from 0; default 1)");
  EXPECT_EQ(describe(pixels_parameter("eps", "4/255", 1, "")), "eps (pixels, 0 to 1; default 4/255)");
  EXPECT_EQ(describe(flag_parameter("early_stop", false, "")), "early_stop (flag, on, off; default off)");
  EXPECT_EQ(describe(choice_parameter("colour", "red", kColours, "")),
            "colour (choice, red, green; default red)");
  EXPECT_EQ(describe(text_parameter("point", "", "")), "point (text, any; default none)");
}

TEST(Join, KeepsTheOrderOfTablesAndParameters) {
  constexpr std::array kFirst = {integer_parameter("a", "1", 0, 1, "")};
  constexpr auto kAll =
      join(kFirst, std::array{flag_parameter("b", true, ""), flag_parameter("c", true, "")});
  EXPECT_EQ(kAll.size(), 3U);
  EXPECT_EQ(kAll[0].name, "a");
  EXPECT_EQ(kAll[1].name, "b");
  EXPECT_EQ(kAll[2].name, "c");
}

}  // namespace
}  // namespace faultline
