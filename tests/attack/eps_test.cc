#include "attack/eps.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"

namespace faultline::attack {
namespace {

TEST(ParsePixels, FractionsAndDecimals) {
  EXPECT_EQ(parse_pixels("8/255"), 8.0F / 255);
  EXPECT_EQ(parse_pixels("0.5/255"), 0.5F / 255);
  EXPECT_EQ(parse_pixels("0.03"), 0.03F);
  EXPECT_EQ(parse_pixels("1e-3"), 1e-3F);
  EXPECT_EQ(parse_pixels("0"), 0);
  EXPECT_EQ(parse_pixels("1"), 1);
  EXPECT_EQ(parse_pixels("255/255"), 1);
  EXPECT_EQ(parse_pixels("3.5", kLargestL2), 3.5F);
}

TEST(ParsePixels, RefusesEverythingElseByName) {
  for (const std::string text :
       {"-1",   "-4/255", "nan",    "NaN",    "inf",     "1.01",  "256/255", "8/0",   "8/-255", "8/",
        "/255", "",       " 8/255", "8/255 ", "8/255/2", "eight", "0x1p-4",  "8,255", "1e60",   "nan/nan"}) {
    faultline::test::expect_error([&] { parse_pixels(text); }, ErrorKind::usage,
                                  "got '" + text + "', expected");
  }
}

TEST(CheckBall, TheLimitIsTheNorms) {
  check_ball({Norm::l2, 3.0F});
  check_ball({Norm::linf, 1.0F});
  faultline::test::expect_error([] { check_ball({Norm::linf, 1.5F}); }, ErrorKind::usage, "1.5");
  faultline::test::expect_error([] { check_ball({Norm::l2, -1.0F}); }, ErrorKind::usage, "-1.0");
  faultline::test::expect_error([] { check_ball({Norm::l2, std::nanf("")}); }, ErrorKind::usage, "nan");
}

}  // namespace
}  // namespace faultline::attack
