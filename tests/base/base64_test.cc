#include "base/base64.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace faultline {
namespace {

std::string encoded(std::string_view text) {
  return base64(std::vector<std::uint8_t>(text.begin(), text.end()));
}

// RFC 4648, section 10.
TEST(Base64, EncodesTheStandardsExamples) {
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(Base64, HasNoLineBreaks) {
  EXPECT_EQ(base64(std::vector<std::uint8_t>(300, 255)), std::string(400, '/'));
}

}  // namespace
}  // namespace faultline
