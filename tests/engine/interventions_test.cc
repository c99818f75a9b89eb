// What each kind of intervention means, forward and backward.
#include <gtest/gtest.h>

#include "engine/close.h"
#include "engine/networks.h"
#include "engine/run.h"

namespace faultline {
namespace {

using engine::Intervention;
using engine::InterventionKind;
using engine::Pass;
using engine::Seeds;

class Interventions : public ::testing::TestWithParam<std::string> {
 protected:
  net::NodeId node(const std::string& name) const { return *graph_.find(name); }
  double tolerance() const { return test::round_off(GetParam()); }

  // Every node frozen to a row of `recording`: affine ones are left alone.
  std::vector<Intervention> frozen(const std::vector<net::NodeId>& nodes, const Pass& recording,
                                   int recording_row, int rows) const {
    std::vector<Intervention> all;
    for (const net::NodeId id : nodes) {
      for (int row = 0; row < rows; ++row) {
        all.push_back({.row = row,
                       .node = id,
                       .kind = InterventionKind::freeze,
                       .source = &recording,
                       .source_row = recording_row});
      }
    }
    return all;
  }

  const net::Graph graph_ = test::branched_network();
  const Tensor images_ = test::random_tensor(Shape{2, 3, 9, 7}, "images");
  const std::unique_ptr<engine::Plan> plan_ = test::compile_all(graph_, GetParam());
  const std::unique_ptr<Pass> pass_ = plan_->forward(images_);
  // Nodes through which everything passes.
  const std::vector<std::string> cuts_ = {"image",   "conv1", "relu1", "pool",    "concat",
                                          "shifted", "relu2", "mean",  "flatten", "fc"};
};

TEST_P(Interventions, DoseZeroIsTheRowAndDoseOneTheSource) {
  for (const std::string& name : cuts_) {
    const std::vector<Intervention> doses = {
        {.row = 0, .node = node(name), .source = pass_.get(), .source_row = 1, .amount = 0},
        {.row = 1, .node = node(name), .source = pass_.get(), .source_row = 0, .amount = 1}};
    const auto changed = plan_->forward(images_, doses);
    EXPECT_TRUE(test::same(changed->logits().row(0), pass_->logits().row(0))) << name;
    EXPECT_TRUE(test::same(changed->logits().row(1), pass_->logits().row(0))) << name;
  }
}

TEST_P(Interventions, ABlendIsTheMixtureAndScalesTheGradient) {
  const Intervention blend{
      .row = 1, .node = node("relu1"), .source = pass_.get(), .source_row = 0, .amount = 0.25};
  const auto changed = plan_->forward(images_, {&blend, 1});
  const DoubleTensor own = pass_->observe(node("relu1")).read(1);
  const DoubleTensor source = pass_->observe(node("relu1")).read(0);
  DoubleTensor expected(own.shape());
  for (std::int64_t i = 0; i < own.elements(); ++i) expected[i] = 0.75 * own[i] + 0.25 * source[i];
  EXPECT_LE(test::relative_l2(changed->observe(node("relu1")).read(1), expected), tolerance());
  EXPECT_TRUE(test::same(changed->observe(node("relu1")).read(0), source));

  const auto gradients =
      test::sweep(*plan_, *changed, test::mixed_seeds(2, 5), {node("conv1"), node("relu1")});
  const DoubleTensor conv = pass_->observe(node("conv1")).read(1);
  DoubleTensor through = gradients.at.at(node("relu1"))[1];
  for (std::int64_t i = 0; i < conv.elements(); ++i) through[i] *= conv[i] > 0 ? 0.75 : 0;
  EXPECT_LE(test::relative_l2(gradients.at.at(node("conv1"))[1], through), tolerance());
}

TEST_P(Interventions, AMaskedReplacementTakesItsChannelsAndCutsTheirGradient) {
  const Intervention replace{
      .row = 0, .node = node("relu1"), .source = pass_.get(), .source_row = 1, .channels = {1, 0, 0, 1, 0}};
  const auto changed = plan_->forward(images_, {&replace, 1});
  const auto gradients =
      test::sweep(*plan_, *changed, test::mixed_seeds(2, 5), {node("conv1"), node("relu1")});
  const DoubleTensor value = changed->observe(node("relu1")).read(0);
  const DoubleTensor own = pass_->observe(node("relu1")).read(0);
  const DoubleTensor source = pass_->observe(node("relu1")).read(1);
  const DoubleTensor& at_relu = gradients.at.at(node("relu1"))[0];
  const DoubleTensor& at_conv = gradients.at.at(node("conv1"))[0];
  for (std::int64_t i = 0; i < value.elements(); ++i) {
    const bool masked = i / 63 == 0 || i / 63 == 3;
    EXPECT_EQ(value[i], masked ? source[i] : own[i]);
    EXPECT_EQ(at_conv[i], !masked && own[i] > 0 ? at_relu[i] : 0);
  }
}

TEST_P(Interventions, AddingMovesTheValueAndPassesTheGradient) {
  const DoubleTensor value = test::to_double(test::random_tensor(Shape{4, 4, 3}, "added"));
  const Intervention add{.row = 1,
                         .node = node("conv2"),
                         .kind = InterventionKind::add,
                         .amount = -2,
                         .channels = {0, 1, 1, 0},
                         .value = value};
  const auto changed = plan_->forward(images_, {&add, 1});
  DoubleTensor expected = pass_->observe(node("conv2")).read(1);
  for (std::int64_t i = 12; i < 36; ++i) expected[i] -= 2 * value[i];
  EXPECT_LE(test::relative_l2(changed->observe(node("conv2")).read(1), expected), tolerance());

  const auto gradients =
      test::sweep(*plan_, *changed, test::mixed_seeds(2, 5), {node("conv2"), node("pool")});
  const auto unchanged = test::sweep(*plan_, *pass_, test::mixed_seeds(2, 5), {node("conv2"), node("pool")});
  EXPECT_TRUE(test::same(gradients.at.at(node("pool"))[0], unchanged.at.at(node("pool"))[0]));
  EXPECT_FALSE(test::same(gradients.at.at(node("pool"))[1], unchanged.at.at(node("pool"))[1]));
}

TEST_P(Interventions, SeveralOnOneNodeAreAppliedInOrder) {
  const DoubleTensor one = test::to_double(test::random_tensor(Shape{9}, "one"));
  const Intervention add{.node = node("flatten"), .kind = InterventionKind::add, .amount = 3, .value = one};
  const Intervention halve{.node = node("flatten"), .amount = 0.5, .value = DoubleTensor(Shape{9})};
  const DoubleTensor own = pass_->observe(node("flatten")).read(0);
  const auto read = [&](std::vector<Intervention> list) {
    return plan_->forward(images_, list)->observe(node("flatten")).read(0);
  };
  DoubleTensor added_first(Shape{9});
  DoubleTensor halved_first(Shape{9});
  for (std::int64_t i = 0; i < 9; ++i) {
    added_first[i] = 0.5 * (own[i] + 3 * one[i]);
    halved_first[i] = 0.5 * own[i] + 3 * one[i];
  }
  EXPECT_LE(test::relative_l2(read({add, halve}), added_first), tolerance());
  EXPECT_LE(test::relative_l2(read({halve, add}), halved_first), tolerance());
}

TEST_P(Interventions, FrozenToItsOwnRecordingARunIsItself) {
  const auto nodes = test::variable_nodes(graph_);
  auto own = frozen(nodes, *pass_, 0, 1);
  for (const Intervention& second : frozen(nodes, *pass_, 1, 2)) {
    if (second.row == 1) own.push_back(second);
  }
  const auto changed = plan_->forward(images_, own);
  EXPECT_LE(test::relative_l2(changed->logits(), pass_->logits()), tolerance());
  const Seeds seeds = test::mixed_seeds(2, 5);
  const auto gradients = test::sweep(*plan_, *changed, seeds, {});
  const auto expected = test::sweep(*plan_, *pass_, seeds, {});
  EXPECT_TRUE(test::same(test::to_double(gradients.image), test::to_double(expected.image)));
}

TEST_P(Interventions, AFrozenRunIsAffineWithTheRecordingsGradient) {
  const auto nodes = test::variable_nodes(graph_);
  // On a grid, so that the third is the affine combination of the others exactly.
  Tensor three(Shape{3, 3, 9, 7});
  const std::int64_t elements = three.row(0).elements();
  for (std::int64_t i = 0; i < 2 * elements; ++i) three[i] = std::round(images_[i] * 64) / 64;
  for (std::int64_t i = 0; i < elements; ++i) three[2 * elements + i] = 2 * three[i] - three[elements + i];
  const auto run = plan_->forward(three, frozen(nodes, *pass_, 0, 3));
  DoubleTensor expected(Shape{5});
  for (std::int64_t k = 0; k < 5; ++k) expected[k] = 2 * run->logits()[k] - run->logits()[5 + k];
  EXPECT_LE(test::relative_l2(run->logits().row(2), expected.view()), tolerance());

  Seeds seeds{DoubleTensor(Shape{2, 5}), {0, 2}};
  for (const std::int64_t i : {1, 6}) seeds.logit_gradients[i] = 1;
  const auto frozen_gradients = test::sweep(*plan_, *run, seeds, {});
  const auto recorded = test::sweep(*plan_, *pass_, Seeds{DoubleTensor(Shape{1, 5}, {0, 1, 0, 0, 0})}, {});
  for (const int seed : {0, 1}) {
    EXPECT_TRUE(test::same(test::to_double(frozen_gradients.image.row(seed)),
                           test::to_double(recorded.image.row(0))));
  }
}

TEST_P(Interventions, FreeUpToALayerAndThenFrozenIsThePull) {
  // m(x' free up to l, frozen to x after) = m(x) + <dm/dA_l(x), A'_l - A_l>   (method, sections 5.4 and 9)
  const Seeds margin{DoubleTensor(Shape{1, 5}, {1, 0, -1, 0, 0})};
  const auto m = [](DoubleTensorView logits) { return logits[0] - logits[2]; };
  for (const std::string& name : cuts_) {
    std::vector<net::NodeId> after;
    for (const net::NodeId id : test::variable_nodes(graph_)) {
      if (id > node(name)) after.push_back(id);
    }
    const auto run = plan_->forward(images_, frozen(after, *pass_, 0, 2));
    double pull = 0;
    plan_->backward(*pass_, margin, std::vector{node(name)}, [&](const engine::Observation& at) {
      pull = at.gradient_dots(0, pass_->observe(node(name)), 0)[1];
    });
    const double scale = std::abs(m(pass_->logits().row(0))) + std::abs(pull);
    EXPECT_NEAR(m(run->logits().row(1)), m(pass_->logits().row(0)) + pull, tolerance() * scale) << name;
  }
}

TEST_P(Interventions, FreezingToAFrozenRunIsFreezingToItsRecording) {
  const auto nodes = test::variable_nodes(graph_);
  const auto once = plan_->forward(images_, frozen(nodes, *pass_, 0, 2));
  const auto twice = plan_->forward(images_, frozen(nodes, *once, 1, 2));
  EXPECT_TRUE(test::same(twice->logits(), once->logits()));
}

TEST_P(Interventions, InfiniteValuesCanBeReplaced) {
  DoubleTensor infinite(Shape{9});
  for (double& value : infinite.values()) value = std::numeric_limits<double>::infinity();
  const std::vector<Intervention> both = {{.node = node("flatten"), .value = infinite},
                                          {.node = node("flatten"), .source = pass_.get(), .source_row = 1}};
  EXPECT_TRUE(test::same(plan_->forward(images_, both)->logits().row(0), pass_->logits().row(1)));
}

INSTANTIATE_TEST_SUITE_P(All, Interventions, ::testing::ValuesIn(engine::engine_names()));

}  // namespace
}  // namespace faultline
