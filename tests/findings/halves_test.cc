#include "findings/halves.h"

#include <gtest/gtest.h>

#include "synthetic.h"

namespace faultline::findings {
namespace {

TEST(Halves, AreAboutEqual) {
  int ones = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    const int half = half_of(test::image_id(i));
    ASSERT_TRUE(half == 0 || half == 1);
    ones += half;
  }
  EXPECT_NEAR(ones, 500, 56);  // 3.5 standard errors
}

TEST(Halves, KeepCopiesOfAFileTogether) {
  for (std::size_t i = 0; i < 20; ++i)
    EXPECT_EQ(half_of(test::image_id(i)), half_of(test::image_id(i) + "#2"));
}

}  // namespace
}  // namespace faultline::findings
