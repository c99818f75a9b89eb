// Resuming a pass from the middle: the same bits as running it whole, for less work.
#include <gtest/gtest.h>

#include "engine/close.h"
#include "engine/networks.h"
#include "engine/run.h"

namespace faultline {
namespace {

using engine::Intervention;
using engine::InterventionKind;
using engine::Pass;

class Resume : public ::testing::TestWithParam<std::string> {
 protected:
  net::NodeId node(const std::string& name) const { return *graph_.find(name); }
  std::int64_t multiply_adds() const { return plan_->counters().multiply_adds; }

  void expect_same(const Pass& resumed, const Pass& whole) const {
    for (const net::NodeId id : test::variable_nodes(graph_)) {
      for (int r = 0; r < whole.rows(); ++r)
        EXPECT_TRUE(test::same(resumed.observe(id).read(r), whole.observe(id).read(r)))
            << graph_.node(id).name;
    }
    EXPECT_TRUE(test::same(resumed.logits(), whole.logits()));
  }

  const net::Graph graph_ = test::branched_network();
  const Tensor images_ = test::random_tensor(Shape{3, 3, 9, 7}, "images");
  const std::unique_ptr<engine::Plan> plan_ = test::compile_all(graph_, GetParam());
  const std::unique_ptr<Pass> base_ = plan_->forward(images_);
};

TEST_P(Resume, IsTheWholeRunBitForBit) {
  const DoubleTensor added = test::to_double(test::random_tensor(Shape{4, 4, 3}, "added"));
  // Row 0 stays as it is; the others change in a branch, before a join and in their non-linearities.
  const std::vector<Intervention> list = {
      {.row = 1,
       .node = node("pool"),
       .source = base_.get(),
       .source_row = 2,
       .amount = 0.5,
       .channels = {1, 1, 0, 0, 1}},
      {.row = 2, .node = node("conv2"), .kind = InterventionKind::add, .amount = 0.5, .value = added},
      {.row = 2,
       .node = node("relu2"),
       .kind = InterventionKind::freeze,
       .source = base_.get(),
       .source_row = 0},
      {.row = 1,
       .node = node("sigmoid"),
       .kind = InterventionKind::freeze,
       .source = base_.get(),
       .source_row = 1}};
  const auto whole = plan_->forward(images_, list);
  const auto resumed = plan_->resume(*base_, node("pool"), std::vector{0, 1, 2}, list);
  expect_same(*resumed, *whole);
  const auto seeds = test::mixed_seeds(3, 5);
  const std::vector points = {node("pool"), node("conv2"), node("concat")};
  const auto expected = test::sweep(*plan_, *whole, seeds, points, false);
  const auto gradients = test::sweep(*plan_, *resumed, seeds, points, false);
  for (const net::NodeId point : points) {
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_TRUE(test::same(gradients.at.at(point)[i], expected.at.at(point)[i])) << graph_.node(point).name;
  }
}

TEST_P(Resume, RowsMayRepeatAndChangePlaces) {
  const Intervention replace{.row = 3, .node = node("relu2"), .source = base_.get(), .source_row = 0};
  const auto resumed = plan_->resume(*base_, node("relu2"), std::vector{2, 0, 2, 1}, {&replace, 1});
  for (const auto& [row, base_row] : {std::pair{0, 2}, {1, 0}, {2, 2}, {3, 0}})
    EXPECT_TRUE(test::same(resumed->logits().row(row), base_->logits().row(base_row)));
}

TEST_P(Resume, KeepsTheInterventionsOfItsBase) {
  const DoubleTensor added = test::to_double(test::random_tensor(Shape{9}, "added"));
  const std::vector<Intervention> first = {
      {.row = 1, .node = node("relu1"), .source = base_.get(), .source_row = 0, .amount = 0.5},
      {.row = 1, .node = node("flatten"), .kind = InterventionKind::add, .amount = 1, .value = added},
      {.row = 1,
       .node = node("relu2"),
       .kind = InterventionKind::freeze,
       .source = base_.get(),
       .source_row = 2}};
  const std::vector<Intervention> second = {
      {.row = 1, .node = node("pool"), .source = base_.get(), .source_row = 2, .amount = 0.25},
      {.row = 1, .node = node("flatten"), .source = base_.get(), .source_row = 2, .amount = 0.75}};
  auto both = first;
  both.insert(both.end(), second.begin(), second.end());
  const auto changed = plan_->forward(images_, first);
  const auto whole = plan_->forward(images_, both);
  expect_same(*plan_->resume(*changed, node("pool"), std::vector{0, 1, 2}, second), *whole);
  // In two steps, the second from further down.
  const auto half = plan_->resume(*changed, node("pool"), std::vector{0, 1, 2}, {second.data(), 1});
  expect_same(*plan_->resume(*half, node("flatten"), std::vector{0, 1, 2}, {second.data() + 1, 1}), *whole);
}

TEST_P(Resume, ComputesOnlyWhatChanges) {
  constexpr std::int64_t kConv2 = std::int64_t{4} * 12 * 45;
  constexpr std::int64_t kDense = std::int64_t{9} * 5;
  const auto cost = [&](const std::string& from, std::vector<Intervention> list) {
    const std::int64_t before = multiply_adds();
    plan_->resume(*base_, node(from), std::vector{0, 1, 2}, list);
    return multiply_adds() - before;
  };
  const Intervention at_pool{.row = 1, .node = node("pool"), .source = base_.get(), .source_row = 0};
  const Intervention at_relu2{.row = 2, .node = node("relu2"), .source = base_.get(), .source_row = 0};
  EXPECT_EQ(cost("image", {}), 0);
  EXPECT_EQ(cost("pool", {at_pool}), kConv2 + kDense);
  EXPECT_EQ(cost("relu2", {at_relu2}), kDense);
  EXPECT_EQ(cost("conv1", {at_pool, at_relu2}), kConv2 + 2 * kDense);
}

TEST_P(Resume, ASourceMayBeAResumedPass) {
  const Intervention replace{.row = 0, .node = node("pool"), .source = base_.get(), .source_row = 2};
  const auto resumed = plan_->resume(*base_, node("pool"), std::vector{0}, {&replace, 1});
  const Intervention again{.row = 1, .node = node("concat"), .source = resumed.get(), .source_row = 0};
  EXPECT_TRUE(test::same(plan_->forward(images_, {&again, 1})->logits().row(1), base_->logits().row(2)));
}

INSTANTIATE_TEST_SUITE_P(All, Resume, ::testing::ValuesIn(engine::engine_names()));

}  // namespace
}  // namespace faultline
