#include <gtest/gtest.h>

#include "heatmap/question.h"

namespace faultline::heatmap {
namespace {

TEST(Question, FixesTheClassOfAnOwnScore) {
  const DoubleTensor logits(Shape{1, 3}, {1, 5, 2});
  Score of = score("own");
  ClassPair classes{.clean_class = 0, .other_class = 2};
  fix_classes(logits, of, classes);
  EXPECT_EQ(of.name, "class");
  EXPECT_EQ(classes.clean_class, 1);
  of = score("margin");
  classes = {.clean_class = 0, .other_class = 2};
  fix_classes(logits, of, classes);
  EXPECT_EQ(of.name, "margin");
  EXPECT_EQ(classes.clean_class, 0);
}

}  // namespace
}  // namespace faultline::heatmap
