#include <gmock/gmock.h>

#include <cmath>

#include "heatmap/attribution.h"
#include "heatmap/rectified.h"

namespace faultline::heatmap {
namespace {

TEST(IntegratedGradients, ApproachCompletenessAsStepsGrow) {
  const net::Graph graph = network();
  Tensor black(Shape{1, 3, 6, 8});
  const double change = logit(graph, image()) - logit(graph, black);
  double last = INFINITY;
  for (const int steps : {8, 128, 2048}) {
    const Explained explained{.options = {.integrated_gradients = {.steps = steps}}};
    const double error = std::abs(sum(explained.by("integrated-gradients", graph)) - change);
    EXPECT_LT(error, last) << steps;
    last = error;
  }
  EXPECT_LT(last, 2e-3 * std::abs(change));  // 2048 steps
}

TEST(IntegratedGradients, ToTheImageItselfAreZero) {
  Explained explained{.options = {.integrated_gradients = {.steps = 3, .baseline = 0.5}}};
  for (float& value : explained.picture.values()) value = 0.5F;
  EXPECT_TRUE(is_blank(explained.by("integrated-gradients", network())));
}

TEST(IntegratedGradients, DoNotDependOnBatches) {
  Explained explained{.options = {.integrated_gradients = {.steps = 7}}};
  const DoubleTensor whole = explained.by("integrated-gradients", network());
  for (const int batch : {1, 3}) {
    explained.max_batch = batch;
    EXPECT_THAT(explained.by("integrated-gradients", network()).values(),
                ::testing::ElementsAreArray(whole.values()));
  }
}

}  // namespace
}  // namespace faultline::heatmap
