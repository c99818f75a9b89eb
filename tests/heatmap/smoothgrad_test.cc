#include <gmock/gmock.h>

#include "engine/close.h"
#include "heatmap/attribution.h"

namespace faultline::heatmap {
namespace {

TEST(Smoothgrad, WithoutNoiseIsTheGradient) {
  const Explained explained{.options = {.smoothgrad = {.samples = 4, .sigma = 0}}};
  const DoubleTensor plain = explained.by("gradient", network());
  EXPECT_LE(test::relative_l2(explained.by("smoothgrad", network()), plain), 1e-15);
}

TEST(Smoothgrad, DrawsByKeyAndSeed) {
  Explained explained{.options = {.smoothgrad = {.samples = 2}}};
  const DoubleTensor first = explained.by("smoothgrad", network());
  explained.key = "another";
  EXPECT_THAT(explained.by("smoothgrad", network()).values(),
              ::testing::Not(::testing::ElementsAreArray(first.values())));
  explained.key = "key";
  explained.seed = 1;
  EXPECT_THAT(explained.by("smoothgrad", network()).values(),
              ::testing::Not(::testing::ElementsAreArray(first.values())));
}

TEST(Smoothgrad, DoesNotDependOnBatches) {
  Explained explained{.options = {.smoothgrad = {.samples = 7}}};
  const DoubleTensor whole = explained.by("smoothgrad", network());
  for (const int batch : {1, 3}) {
    explained.max_batch = batch;
    EXPECT_THAT(explained.by("smoothgrad", network()).values(), ::testing::ElementsAreArray(whole.values()));
  }
}

}  // namespace
}  // namespace faultline::heatmap
