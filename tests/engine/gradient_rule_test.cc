// Departures from the chain rule, against what they are defined as.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/close.h"
#include "engine/networks.h"

namespace faultline {
namespace {

using engine::GradientRule;
using engine::GradientRuleKind;

// image [3,4,4] -> a and b, convolutions -> a + 0 b -> logits
struct Setting {
  net::Graph graph;
  net::NodeId a = -1;
  net::NodeId b = -1;
  net::NodeId sum = -1;
  std::unique_ptr<engine::Plan> plan;
  std::unique_ptr<engine::Pass> pass;

  explicit Setting(const std::string& engine) {
    const auto input = graph.add("image", net::Input{Shape{3, 4, 4}}, {});
    a = test::add_conv(graph, "a", input, Shape{5, 3, 3, 3}, {});
    b = test::add_conv(graph, "b", input, Shape{5, 3, 3, 3}, {});
    const auto zero = graph.add_constant("zero", Tensor(Shape{1, 1, 1}));
    const auto nothing = graph.add("nothing", net::Binary{net::Binary::Kind::mul}, {b, zero});
    sum = graph.add("sum", net::Binary{net::Binary::Kind::add}, {a, nothing});
    const auto flat = graph.add("flat", net::Flatten{}, {sum});
    graph.set_output(test::add_dense(graph, "fc", flat, 20, 3));
    plan = test::compile_all(graph, engine);
    pass = plan->forward(test::random_tensor(Shape{2, 3, 4, 4}, "images"));
  }

  // Gradients that arrive at a node, of seeds of row 1 and row 0.
  std::vector<DoubleTensor> gradients(net::NodeId node, std::span<const GradientRule> rules) {
    const engine::Seeds seeds{.logit_gradients = DoubleTensor(Shape{2, 3}, {1, 0, -1, 0, 2, 0}),
                              .rows = {1, 0}};
    std::vector<DoubleTensor> found;
    plan->backward(
        *pass, seeds, {&node, 1},
        [&](const engine::Observation& at) {
          found = {at.read_gradient(0), at.read_gradient(1)};
        },
        {}, rules);
    return found;
  }
};

class GradientRules : public ::testing::TestWithParam<const char*> {};

TEST_P(GradientRules, Rectify) {
  Setting setting(GetParam());
  const std::vector<GradientRule> rules = {{.node = setting.sum, .kind = GradientRuleKind::rectify}};
  const auto plain = setting.gradients(setting.a, {});
  const auto ruled = setting.gradients(setting.a, rules);
  for (std::size_t seed = 0; seed < 2; ++seed) {
    for (std::int64_t i = 0; i < plain[seed].elements(); ++i)
      EXPECT_EQ(ruled[seed][i], std::max(plain[seed][i], 0.0));
  }
}

TEST_P(GradientRules, AreNotYetAppliedToWhatVisitsSee) {
  Setting setting(GetParam());
  const std::vector<GradientRule> rules = {{.node = setting.sum, .kind = GradientRuleKind::rectify}};
  EXPECT_TRUE(test::same(setting.gradients(setting.sum, rules)[0], setting.gradients(setting.sum, {})[0]));
}

TEST_P(GradientRules, Share) {
  Setting setting(GetParam());
  const std::vector<GradientRule> rules = {{.node = setting.sum,
                                            .kind = GradientRuleKind::share,
                                            .other = setting.b,
                                            .amount = 0.5,
                                            .epsilon = 0.25}};
  const auto plain = setting.gradients(setting.a, {});
  const auto ruled = setting.gradients(setting.a, rules);
  for (const int seed : {0, 1}) {
    const DoubleTensor a = setting.pass->observe(setting.a).read(1 - seed);
    const DoubleTensor b = setting.pass->observe(setting.b).read(1 - seed);
    DoubleTensor expected = plain[static_cast<std::size_t>(seed)];
    for (std::int64_t i = 0; i < expected.elements(); ++i) {
      const double divisor = a[i] + 0.5 * b[i];
      expected[i] *= a[i] / (divisor < 0 ? divisor - 0.25 : divisor + 0.25);
    }
    EXPECT_LE(test::relative_l2(ruled[static_cast<std::size_t>(seed)], expected), 1e-6);
  }
}

TEST_P(GradientRules, ShareOfZeroIsZero) {
  Setting setting(GetParam());
  setting.pass = setting.plan->forward(Tensor(Shape{2, 3, 4, 4}));
  const std::vector<GradientRule> rules = {
      {.node = setting.sum, .kind = GradientRuleKind::share, .other = setting.sum, .amount = -1}};
  const auto found = setting.gradients(setting.a, rules);
  for (const double value : found[0].values()) EXPECT_EQ(value, 0);
  EXPECT_GT(test::relative_l2(setting.gradients(setting.a, {})[0], found[0]),
            1);  // without the rule it is not
}

TEST_P(GradientRules, Follow) {
  Setting setting(GetParam());
  const std::vector<GradientRule> rules = {
      {.node = setting.sum, .kind = GradientRuleKind::rectify},
      {.node = setting.b, .kind = GradientRuleKind::follow, .other = setting.sum, .amount = 3}};
  // The image gets the rectified gradient through a, and three times that through b: its adjoint written out.
  const auto input = setting.graph.input();
  const auto through_a = setting.gradients(input, std::span(rules).first(1));
  const auto both = setting.gradients(input, rules);
  const DoubleTensor rectified = setting.gradients(setting.a, std::span(rules).first(1))[0];
  const auto weights = std::get<net::Constant>(setting.graph.node(*setting.graph.find("b.weight")).op).value;
  DoubleTensor expected = through_a[0];
  for (std::int64_t o = 0; o < 5; ++o) {
    for (std::int64_t i = 0; i < 27; ++i) {
      for (std::int64_t p = 0; p < 4; ++p)
        expected[i / 9 * 16 + (i / 3 % 3 + p / 2) * 4 + i % 3 + p % 2] +=
            3 * double{(*weights)[o * 27 + i]} * rectified[o * 4 + p];
    }
  }
  EXPECT_LE(test::relative_l2(both[0], expected), 1e-6);
  EXPECT_GT(test::relative_l2(both[0], through_a[0]), 0.1);
}

TEST_P(GradientRules, RefuseWhatDoesNotFit) {
  Setting setting(GetParam());
  const auto refuses = [&](const GradientRule& rule) {
    EXPECT_THROW(setting.gradients(setting.a, {&rule, 1}), ContractError);
  };
  refuses({.node = -1});
  refuses({.node = setting.graph.size()});
  refuses({.node = *setting.graph.find("zero")});
  refuses({.node = setting.sum, .kind = GradientRuleKind::share, .other = setting.graph.output()});
  refuses({.node = setting.sum, .kind = GradientRuleKind::follow, .other = setting.b});
  refuses({.node = setting.sum, .kind = GradientRuleKind::follow});
}

INSTANTIATE_TEST_SUITE_P(Engines, GradientRules, ::testing::Values("reference", "onednn"));

}  // namespace
}  // namespace faultline
