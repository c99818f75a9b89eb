// Programming errors are refused, on every engine.
#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/networks.h"
#include "engine/run.h"

namespace faultline {
namespace {

using engine::Intervention;
using engine::InterventionKind;
using engine::Seeds;

class Contract : public ::testing::TestWithParam<std::string> {
 protected:
  net::NodeId node(const std::string& name) const { return *graph_.find(name); }
  void refuses(const Intervention& intervention) {
    EXPECT_THROW(plan_->forward(images_, {&intervention, 1}), ContractError);
  }
  void refuses_sweep(const engine::Pass& pass, const Seeds& seeds, const std::vector<net::NodeId>& points) {
    EXPECT_THROW(test::sweep(*plan_, pass, seeds, points, false), ContractError);
  }

  const net::Graph graph_ = test::branched_network();
  const Tensor images_ = test::random_tensor(Shape{2, 3, 9, 7}, "images");
  const std::unique_ptr<engine::Plan> plan_ =
      engine::make_engine(GetParam())
          ->compile(graph_, {.observed = {*graph_.find("pool"), *graph_.find("relu1"), *graph_.find("relu2")},
                             .freezable = true});
  const std::unique_ptr<engine::Pass> pass_ = plan_->forward(images_);
};

TEST_P(Contract, ImagesOfAnotherShape) {
  EXPECT_THROW(plan_->forward(Tensor(Shape{1, 3, 7, 9})), ContractError);
  EXPECT_THROW(plan_->forward(Tensor(Shape{3, 9, 7})), ContractError);
  EXPECT_THROW(plan_->forward(Tensor(Shape{0, 3, 9, 7})), ContractError);
}

TEST_P(Contract, NodesThatAreNotObserved) {
  EXPECT_THROW(pass_->observe(node("conv2")), ContractError);
  EXPECT_THROW(pass_->observe(-1), ContractError);
  EXPECT_THROW(pass_->observe(graph_.size()), ContractError);
  refuses({.node = node("conv2"), .value = DoubleTensor(Shape{4, 4, 3})});
  refuses_sweep(*pass_, test::mixed_seeds(2, 5), {node("conv2")});
  const auto constant = *graph_.find("fc.weight");
  EXPECT_THROW(engine::make_engine(GetParam())->compile(graph_, {.observed = {constant}}), ContractError);
  EXPECT_THROW(engine::make_engine(GetParam())->compile(graph_, {.observed = {graph_.size()}}),
               ContractError);
}

TEST_P(Contract, InterventionsThatDoNotFit) {
  const DoubleTensor value(Shape{5, 4, 3});
  plan_->forward(images_, std::vector<Intervention>{{.node = node("pool"), .value = value}});
  refuses({.row = 2, .node = node("pool"), .value = value});
  refuses({.row = -1, .node = node("pool"), .value = value});
  refuses({.node = graph_.size(), .value = value});
  refuses({.node = node("pool"), .value = DoubleTensor(Shape{5, 3, 4})});
  refuses({.node = node("pool")});
  refuses({.node = node("pool"), .amount = std::nan(""), .value = value});
  refuses({.node = node("pool"), .channels = {1, 0}, .value = value});
  refuses({.node = node("pool"), .source = pass_.get(), .source_row = 2});
  refuses({.node = node("relu2"), .kind = InterventionKind::freeze});
  refuses({.node = node("relu2"), .kind = InterventionKind::freeze, .source = pass_.get(), .channels = {1}});
}

TEST_P(Contract, PassesOfAnotherPlan) {
  const auto other = test::compile_all(graph_, GetParam());
  const auto foreign = other->forward(images_);
  refuses({.node = node("pool"), .source = foreign.get()});
  refuses_sweep(*foreign, test::mixed_seeds(2, 5), {});
  EXPECT_THROW(plan_->resume(*foreign, node("pool"), std::vector{0}, {}), ContractError);
}

TEST_P(Contract, FreezingAPlanThatIsNotFreezable) {
  const auto fused = test::compile_all(graph_, GetParam(), false);
  const auto pass = fused->forward(images_);
  const Intervention freeze{.node = node("relu2"), .kind = InterventionKind::freeze, .source = pass.get()};
  EXPECT_THROW(fused->forward(images_, {&freeze, 1}), ContractError);
}

TEST_P(Contract, SeedsThatDoNotFit) {
  refuses_sweep(*pass_, {DoubleTensor(Shape{2, 4})}, {});
  refuses_sweep(*pass_, {DoubleTensor(Shape{0, 5})}, {});
  refuses_sweep(*pass_, {DoubleTensor(Shape{3, 5})}, {});
  refuses_sweep(*pass_, {DoubleTensor(Shape{1, 5}), {2}}, {});
  refuses_sweep(*pass_, {DoubleTensor(Shape{1, 5}), {0, 1}}, {});
  Tensor wrong(Shape{1, 3, 9, 7});
  EXPECT_THROW(plan_->backward(*pass_, test::mixed_seeds(2, 5), {}, {}, wrong), ContractError);
}

TEST_P(Contract, ResumingOutOfRangeOrUpstream) {
  const std::vector rows = {0, 1};
  EXPECT_THROW(plan_->resume(*pass_, node("pool"), std::vector{2}, {}), ContractError);
  EXPECT_THROW(plan_->resume(*pass_, node("pool"), std::vector<int>{}, {}), ContractError);
  EXPECT_THROW(plan_->resume(*pass_, -1, rows, {}), ContractError);
  const Intervention upstream{.node = node("relu1"), .value = DoubleTensor(Shape{5, 9, 7})};
  EXPECT_THROW(plan_->resume(*pass_, node("pool"), rows, {&upstream, 1}), ContractError);
  const auto resumed = plan_->resume(*pass_, node("pool"), rows, {});
  refuses_sweep(*resumed, test::mixed_seeds(2, 5), {node("relu1")});
  EXPECT_THROW(test::sweep(*plan_, *resumed, test::mixed_seeds(2, 5), {}), ContractError);
  EXPECT_EQ(test::sweep(*plan_, *resumed, test::mixed_seeds(2, 5), {node("pool")}, false).order.size(), 1u);
}

TEST_P(Contract, ObservationsThatDoNotFit) {
  const auto& pool = pass_->observe(node("pool"));
  EXPECT_THROW(pool.read(2), ContractError);
  EXPECT_THROW(pool.read_gradient(0), ContractError);
  EXPECT_THROW(pool.channel_sum(engine::Term::gradient), ContractError);
  EXPECT_THROW(pool.position_sum(engine::Term::gradient_activation), ContractError);
  EXPECT_THROW(pool.gradient_norms(), ContractError);
  EXPECT_THROW(pool.weighted_map(engine::Term::activation, DoubleTensor(Shape{2, 4})), ContractError);
  EXPECT_THROW(pool.distances(pass_->observe(node("relu2")), 0), ContractError);
  EXPECT_THROW(pool.distances(pool, 2), ContractError);
}

INSTANTIATE_TEST_SUITE_P(All, Contract, ::testing::ValuesIn(engine::engine_names()));

}  // namespace
}  // namespace faultline
