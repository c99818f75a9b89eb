#include "stats/holm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "samples.h"
#include "stored.h"

namespace faultline::stats {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Holm, StoredFamilies) {
  for (const auto& of : test::stored("holm")) {
    const std::vector<double> found = holm(of.at("p").get<std::vector<double>>());
    ASSERT_EQ(found.size(), of.at("adjusted").size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      test::expect_figure(found[i], of.at("adjusted")[i], of.dump());
    }
  }
}

// Smaller p, smaller adjusted p; never below p, never above Bonferroni's.
TEST(Holm, IsMonotone) {
  std::vector<double> p;
  for (const double z : test::normals("holm", 0, 40)) p.push_back(0.05 * z * z / (1 + z * z));
  const std::vector<double> adjusted = holm(p);
  for (std::size_t i = 0; i < p.size(); ++i) {
    EXPECT_GE(adjusted[i], p[i]);
    EXPECT_LE(adjusted[i], std::min(1.0, 40 * p[i]));
    for (std::size_t j = 0; j < p.size(); ++j) {
      if (p[i] > p[j]) continue;
      EXPECT_LE(adjusted[i], adjusted[j]);
    }
  }
}

TEST(Holm, OfFewTests) {
  EXPECT_THAT(holm({}), IsEmpty());
  EXPECT_THAT(holm(std::vector<double>{0.3}), ElementsAre(0.3));
}

TEST(Holm, RefusesWhatIsNoProbability) {
  for (const double p : {-0.1, 1.1, test::kNan})
    EXPECT_THROW(holm(std::vector<double>{0.1, p}), ContractError);
}

}  // namespace
}  // namespace faultline::stats
