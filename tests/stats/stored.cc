#include "stored.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/files.h"

namespace faultline::stats::test {

using nlohmann::json;

const json& stored(const std::string& group) {
  static const json kIndex = json::parse(
      read_file(std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles/statistics/index.json"));
  return kIndex.at(group);
}

void expect_figure(double found, const json& expected, const std::string& what) {
  const double value = expected.get<double>();
  EXPECT_NEAR(found, value, 1e-11 * std::abs(value) + 1e-300) << what;
}

void expect_interval(const std::optional<Interval>& found, const json& expected, const std::string& what) {
  ASSERT_TRUE(found) << what;
  // The ends of an interval may cancel towards 0: they are as exact as the larger one.
  const double size =
      std::max(std::abs(expected.at(0).get<double>()), std::abs(expected.at(1).get<double>()));
  EXPECT_NEAR(found->lower, expected.at(0).get<double>(), 1e-11 * size) << what;
  EXPECT_NEAR(found->upper, expected.at(1).get<double>(), 1e-11 * size) << what;
}

BootstrapOptions options_of(const json& entry) {
  return {.resamples = entry.at("resamples"),
          .confidence = entry.value("confidence", 0.95),
          .seed = entry.at("seed")};
}

}  // namespace faultline::stats::test
