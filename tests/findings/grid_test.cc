#include "findings/grid.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "findings/numbers.h"
#include "findings/wrapped.h"

namespace faultline::findings {
namespace {

Grid example() {
  Grid grid{.name = "example", .caption = "A caption.", .columns = {"layer", "count"}};
  add_measure_columns(grid, "step");
  grid.rows.push_back({std::string("a|\"b\", c"), count(3)});
  add_measure(grid.rows.back(),
              {.name = "step",
               .estimate = stats::Estimate{.value = 0.125, .interval = stats::Interval{0.1, 1.0 / 3}},
               .n = 40});
  grid.rows.push_back({std::string("d"), Cell{}});
  add_measure(grid.rows.back(), {.name = "step"});
  return grid;
}

TEST(Grid, AsCsv) {
  EXPECT_EQ(to_csv(example()),
            "layer,count,step,step_lower,step_upper,step_n\r\n"
            "\"a|\"\"b\"\", c\",3,0.125,0.1,0.3333333333333333,40\r\n"
            "d,,,,,0\r\n");
}

TEST(Grid, AsMarkdown) {
  EXPECT_EQ(to_markdown(example()),
            "A caption.\n\n"
            "| layer | count | step | step_lower | step_upper | step_n |\n"
            "| --- | --- | --- | --- | --- | --- |\n"
            "| a\\|\"b\", c | 3 | 0.125 | 0.1 | 0.333 | 40 |\n"
            "| d |  |  |  |  | 0 |\n");
}

TEST(Grid, AsJson) {
  EXPECT_EQ(to_json(example())[1].dump(),
            R"({"layer":"d","count":null,"step":null,"step_lower":null,"step_upper":null,"step_n":0})");
}

TEST(Grid, RefusesWhatIsNoNumberAndRaggedRows) {
  Grid grid{.columns = {"x"}, .rows = {{std::numeric_limits<double>::quiet_NaN()}}};
  EXPECT_THROW(to_csv(grid), ContractError);
  EXPECT_THROW(to_markdown(grid), ContractError);
  EXPECT_THROW(to_json(grid), ContractError);
  grid.rows = {{1.0, 2.0}};
  EXPECT_THROW(to_csv(grid), ContractError);
  EXPECT_THROW(to_markdown(grid), ContractError);
  EXPECT_THROW(to_json(grid), ContractError);
}

TEST(Numbers, HaveThreeDigits) {
  EXPECT_EQ(number(0.12345), "0.123");
  EXPECT_EQ(number(-0.0), "0");
  EXPECT_EQ(number(12345.0), "1.23e+04");
  EXPECT_EQ(number(Measured{}), "-");
  EXPECT_THROW(number(std::numeric_limits<double>::infinity()), ContractError);
  EXPECT_EQ(images(1), "1 image");
  EXPECT_EQ(images(0), "0 images");
}

TEST(Wrapped, BreaksAtSpaces) {
  EXPECT_EQ(wrapped("one two three", 0, 8), "one two\nthree\n");
  EXPECT_EQ(wrapped("one two three", 2, 9), "  one two\n  three\n");
  EXPECT_EQ(wrapped("incomprehensible is", 0, 8), "incomprehensible\nis\n");
  EXPECT_EQ(wrapped("caf\xC3\xA9 ol\xC3\xA9", 0, 8), "caf\xC3\xA9 ol\xC3\xA9\n");  // columns, not bytes
  EXPECT_EQ(wrapped("a\x1B[31mb"), "a?[31mb\n");
  EXPECT_EQ(wrapped(""), "\n");
}

}  // namespace
}  // namespace faultline::findings
