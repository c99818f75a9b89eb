#include "image/text.h"

#include <gtest/gtest.h>

namespace faultline {
namespace {

TEST(Text, InvalidBytesAndControlCharactersBecomePrintable) {
  EXPECT_EQ(printable("plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x9f"),
            "plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x9f");
  const std::string replacement = "\xef\xbf\xbd";
  EXPECT_EQ(printable("a\nb\tc\x7f"), "a b c ");
  EXPECT_EQ(printable("\xff"), replacement);
  EXPECT_EQ(printable("\xc3"), replacement);                                      // cut short
  EXPECT_EQ(printable("\xc0\x80"), replacement + replacement);                    // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), replacement + replacement + replacement);  // a surrogate
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), replacement + replacement + replacement + replacement);
}

TEST(Text, WidthGrowsWithTextSizeAndWeight) {
  EXPECT_EQ(text_width("", 12), 0.0);
  EXPECT_NEAR(text_width("WWWW", 12), 4 * text_width("W", 12), 1e-3);
  EXPECT_NEAR(text_width("block1", 24), 2 * text_width("block1", 12), 0.2);
  EXPECT_GT(text_width("block1", 12, true), text_width("block1", 12));
  EXPECT_GT(text_width("W", 12), text_width("i", 12));  // a proportional font
}

TEST(Text, ShorteningKeepsBothEndsAndFits) {
  EXPECT_EQ(shortened("short", 12, 200), "short");
  const std::string result = shortened("features/fire9/expand3x3_relu", 12, 100);
  EXPECT_LE(text_width(result, 12), 100.0);
  EXPECT_GT(text_width(result, 12), 80.0);
  EXPECT_TRUE(result.starts_with("feat")) << result;
  EXPECT_TRUE(result.ends_with("lu")) << result;
  EXPECT_EQ(shortened("\xc3\xa9\xc3\xa9\xc3\xa9", 12, 1.0), "\xe2\x80\xa6");
}

TEST(Text, WrappingBreaksBetweenWords) {
  const auto lines = wrapped("one two three four five six seven", 12, 80);
  EXPECT_GT(lines.size(), 2U);
  std::string joined;
  for (const std::string& line : lines) {
    EXPECT_LE(text_width(line, 12), 80.0) << line;
    joined += (joined.empty() ? "" : " ") + line;
  }
  EXPECT_EQ(joined, "one two three four five six seven");
  EXPECT_EQ(wrapped("", 12, 80), std::vector<std::string>{""});
}

}  // namespace
}  // namespace faultline
