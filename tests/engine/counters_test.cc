#include <gtest/gtest.h>

#include "engine/networks.h"
#include "engine/run.h"

namespace faultline {
namespace {

using engine::Intervention;
using engine::InterventionKind;

class CountersTest : public ::testing::TestWithParam<std::string> {};

// A whole round of what a plan is used for.
void use(engine::Plan& plan, TensorView images) {
  const auto id = [&](const char* name) { return *plan.graph().find(name); };
  const auto pass = plan.forward(images);
  test::sweep(plan, *pass, test::mixed_seeds(pass->rows(), 5), {id("conv1"), id("pool")});
  const std::vector<Intervention> list = {
      {.row = 0, .node = id("conv2"), .value = DoubleTensor(Shape{4, 4, 3})},
      {.row = 1,
       .node = id("relu2"),
       .kind = InterventionKind::freeze,
       .source = pass.get(),
       .source_row = 0}};
  const auto changed = plan.forward(images, list);
  const auto resumed = plan.resume(*pass, id("conv2"), std::vector{0, 1, 0, 1}, list);
  test::sweep(plan, *resumed, test::mixed_seeds(4, 5), {id("conv2")}, false);
}

TEST_P(CountersTest, ASecondCallMakesNothingNew) {
  const auto plan = test::compile_all(test::branched_network(), GetParam());
  const Tensor images = test::random_tensor(Shape{5, 3, 9, 7}, "images");
  use(*plan, images);
  const engine::Counters first = plan->counters();
  EXPECT_GT(first.buffer_allocations, 0);
  use(*plan, images);
  const engine::Counters second = plan->counters();
  EXPECT_EQ(second.buffer_allocations, first.buffer_allocations);
  EXPECT_EQ(second.primitives_created, first.primitives_created);
  EXPECT_EQ(second.reorders, 2 * first.reorders);
  EXPECT_TRUE(GetParam() != "reference" || second.reorders == 0);
  EXPECT_EQ(second.multiply_adds, 2 * first.multiply_adds);
  use(*plan, images.rows(0, 2));
  EXPECT_EQ(plan->counters().buffer_allocations, first.buffer_allocations);
  EXPECT_EQ(plan->counters().primitives_created, first.primitives_created);
}

TEST_P(CountersTest, MultiplyAddsAreThoseOfTheDefinitions) {
  constexpr std::int64_t kConv1 = std::int64_t{5} * 63 * 27;
  constexpr std::int64_t kConv2 = std::int64_t{4} * 12 * 45;
  constexpr std::int64_t kDense = std::int64_t{9} * 5;
  const auto plan = test::compile_all(test::branched_network(), GetParam(), false);
  const auto pass = plan->forward(test::random_tensor(Shape{2, 3, 9, 7}, "images"));
  EXPECT_EQ(plan->counters().multiply_adds, 2 * (kConv1 + kConv2 + kDense));
  const auto cost = [&](const std::vector<net::NodeId>& points, bool image) {
    const std::int64_t before = plan->counters().multiply_adds;
    test::sweep(*plan, *pass, test::mixed_seeds(2, 5), points, image);
    return plan->counters().multiply_adds - before;
  };
  EXPECT_EQ(cost({}, true), 2 * (kConv1 + kConv2 + kDense));
  EXPECT_EQ(cost({*plan->graph().find("conv1")}, false), 2 * (kConv2 + kDense));
  EXPECT_EQ(cost({*plan->graph().find("sigmoid")}, false), 2 * kDense);
  EXPECT_EQ(cost({plan->graph().output()}, false), 0);
}

INSTANTIATE_TEST_SUITE_P(All, CountersTest, ::testing::ValuesIn(engine::engine_names()));

}  // namespace
}  // namespace faultline
