// The engines against net's reference, and their gradients against differences of their own logits.
#include <gtest/gtest.h>

#include "engine/close.h"
#include "engine/networks.h"
#include "engine/run.h"
#include "net/reference.h"

namespace faultline {
namespace {

using engine::Intervention;
using engine::InterventionKind;
using engine::Seeds;

class Gradient : public ::testing::TestWithParam<std::string> {
 protected:
  const net::Graph graph_ = test::branched_network();
  const Tensor images_ = test::random_tensor(Shape{4, 3, 9, 7}, "images");
  const std::unique_ptr<engine::Plan> plan_ = test::compile_all(graph_, GetParam());
};

TEST_P(Gradient, ValuesAndGradientsAreThoseOfTheReference) {
  const auto values = net::evaluate<double>(graph_, test::to_double(images_).view());
  const Seeds seeds = test::mixed_seeds(4, 5);
  const auto expected = net::differentiate<double>(graph_, values, seeds.logit_gradients.view());
  const auto pass = plan_->forward(images_);
  auto points = test::variable_nodes(graph_);
  const auto gradients = test::sweep(*plan_, *pass, seeds, points);
  std::reverse(points.begin(), points.end());
  EXPECT_EQ(gradients.order, points);
  for (const net::NodeId node : points) {
    const auto& value = values[static_cast<std::size_t>(node)];
    const auto& gradient = expected[static_cast<std::size_t>(node)];
    for (int r = 0; r < 4; ++r) {
      EXPECT_LE(test::relative_l2(pass->observe(node).read(r), value.row(r)), test::round_off(GetParam()))
          << graph_.node(node).name;
      EXPECT_LE(test::relative_l2(gradients.at.at(node)[static_cast<std::size_t>(r)], gradient.row(r)),
                test::round_off(GetParam()))
          << graph_.node(node).name;
    }
  }
}

TEST_P(Gradient, SeedsMayExceedTheBatchAndNameTheirRows) {
  const auto pass = plan_->forward(images_);
  const Seeds plain = test::mixed_seeds(4, 5);
  const auto expected = test::sweep(*plan_, *pass, plain, {*graph_.find("conv2")});
  Seeds seeds{DoubleTensor(Shape{7, 5}), {3, 0, 3, 2, 1, 1, 0}};
  for (std::int64_t i = 0; i < 7; ++i) {
    for (std::int64_t k = 0; k < 5; ++k)
      seeds.logit_gradients[i * 5 + k] =
          plain.logit_gradients[std::int64_t{seeds.rows[static_cast<std::size_t>(i)]} * 5 + k];
  }
  const auto gradients = test::sweep(*plan_, *pass, seeds, {*graph_.find("conv2")});
  for (std::size_t i = 0; i < 7; ++i) {
    const auto row = static_cast<std::size_t>(seeds.rows[i]);
    EXPECT_TRUE(test::same(gradients.at.begin()->second[i], expected.at.begin()->second[row]));
    EXPECT_TRUE(test::same(test::to_double(gradients.image.row(static_cast<std::int64_t>(i))),
                           test::to_double(expected.image.row(seeds.rows[i]))));
  }
}

// A scalar of any node's value, in whatever layout the engine keeps it; nothing flows back from after the
// node.
TEST_P(Gradient, SeedsMayBeOfAnyNodesValue) {
  const auto values = net::evaluate<double>(graph_, test::to_double(images_).view());
  const auto pass = plan_->forward(images_);
  const auto points = test::variable_nodes(graph_);
  for (const net::NodeId from : points) {
    const DoubleTensor& value = values[static_cast<std::size_t>(from)];
    const std::int64_t elements = value.elements() / 4;
    Seeds seeds = test::mixed_seeds(4, elements);
    seeds.node = from;
    const auto expected = net::differentiate<double>(
        graph_, values, seeds.logit_gradients.view().reshaped(value.shape()), from);
    const auto gradients = test::sweep(*plan_, *pass, seeds, points);
    for (const net::NodeId node : points) {
      const auto& gradient = expected[static_cast<std::size_t>(node)];
      for (std::size_t r = 0; r < 4; ++r) {
        const DoubleTensor& found = gradients.at.at(node)[r];
        if (gradient.elements() == 0) {
          EXPECT_TRUE(test::same(found, DoubleTensor(found.shape()))) << graph_.node(node).name;
        } else {
          EXPECT_LE(test::relative_l2(found, gradient.row(static_cast<std::int64_t>(r))),
                    test::round_off(GetParam()))
              << graph_.node(from).name << " at " << graph_.node(node).name;
        }
      }
    }
  }
}

TEST_P(Gradient, SeedsOfANodeThatIsNotObservedAreRefused) {
  const auto plan = engine::make_engine(GetParam())->compile(graph_, {});
  const auto pass = plan->forward(images_);
  Seeds seeds = test::mixed_seeds(4, 5);
  seeds.node = *graph_.find("conv2");
  EXPECT_THROW(test::sweep(*plan, *pass, seeds, {}), ContractError);
  seeds.node = graph_.output();
  EXPECT_NO_THROW(test::sweep(*plan, *pass, seeds, {}));
}

TEST_P(Gradient, ANodeThatTheLogitsDoNotDependOnHasGradientZero) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{6}}, {});
  const auto aside = graph.add("aside", net::Relu{}, {input});
  graph.set_output(test::add_dense(graph, "fc", input, 6, 3));
  const auto plan = test::compile_all(graph, GetParam());
  const auto pass = plan->forward(test::random_tensor(Shape{2, 6}, "images"));
  const auto gradients = test::sweep(*plan, *pass, test::mixed_seeds(2, 3), {aside});
  EXPECT_TRUE(test::same(gradients.at.at(aside)[1], DoubleTensor(Shape{6})));
  EXPECT_NE(gradients.image[0], 0);
}

// Steps of double size, which an intervention can make and an image in float cannot.
TEST(GradientOfReference, TheImageGradientIsTheDifferenceQuotient) {
  const net::Graph graph = test::branched_network();
  const auto plan = test::compile_all(graph, "reference");
  const Tensor image = test::random_tensor(Shape{1, 3, 9, 7}, "image");
  const auto pass = plan->forward(image);
  const Seeds seeds = test::mixed_seeds(1, 5);
  const auto gradients = test::sweep(*plan, *pass, seeds, {graph.input()});
  const DoubleTensor direction = test::to_double(test::random_tensor(Shape{3, 9, 7}, "direction"));
  const double h = 1e-6;
  const Intervention forward{
      .node = graph.input(), .kind = InterventionKind::add, .amount = h, .value = direction};
  const Intervention back{
      .node = graph.input(), .kind = InterventionKind::add, .amount = -h, .value = direction};
  const double difference = test::dot(plan->forward(image, {&forward, 1})->logits(), seeds.logit_gradients) -
                            test::dot(plan->forward(image, {&back, 1})->logits(), seeds.logit_gradients);
  const double slope = test::dot(gradients.at.at(graph.input())[0], direction);
  EXPECT_NEAR(difference / (2 * h), slope, 1e-8 * std::abs(slope));
}

INSTANTIATE_TEST_SUITE_P(All, Gradient, ::testing::ValuesIn(engine::engine_names()));

}  // namespace
}  // namespace faultline
