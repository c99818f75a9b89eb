#include "causal/deviation_dose.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "networks.h"

namespace faultline::causal {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

DoubleTensor vector_of(std::vector<double> values) {
  return {Shape{std::ssize(values)}, values};
}

double distance(const DoubleTensor& a, const DoubleTensor& b) {
  double squares = 0;
  for (std::int64_t i = 0; i < a.elements(); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(squares);
}

TEST(Moved, WithoutALimitTheLengthIsExact) {
  const DoubleTensor a = vector_of({1, 2, 3});
  const auto result = moved(a, vector_of({0, 3, 4}), 10, {-kInfinity, kInfinity});
  ASSERT_TRUE(result);
  EXPECT_DOUBLE_EQ((*result)[0], 1);
  EXPECT_DOUBLE_EQ((*result)[1], 8);
  EXPECT_DOUBLE_EQ((*result)[2], 11);
}

TEST(Moved, WhatTheClampTakesIsMadeUpFor) {
  const DoubleTensor a = vector_of({1, 0.5, 0, 2});
  const auto result = moved(a, vector_of({-1, -1, -1, 1}), 5, {0, kInfinity});
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)[0], 0);
  EXPECT_EQ((*result)[2], 0);
  EXPECT_NEAR(distance(*result, a), 5, 0.05);
  EXPECT_GT((*result)[3], 2);
}

TEST(Moved, MissingWhereNothingReachesIt) {
  const DoubleTensor a = vector_of({1, 2});
  EXPECT_FALSE(moved(a, vector_of({0, 0}), 1, {-kInfinity, kInfinity}));
  EXPECT_FALSE(moved(a, vector_of({-1, -1}), 3, {0, kInfinity})) << "sqrt(5) is the most";
  EXPECT_TRUE(moved(a, vector_of({-1, -1}), 2, {0, kInfinity}));
  EXPECT_FALSE(moved(vector_of({0}), vector_of({-1}), 0.1, {0, kInfinity}));
}

TEST(ValueRange, IsTheActivations) {
  net::Graph graph;
  const net::NodeId x = graph.add("image", net::Input{{2}}, {});
  EXPECT_EQ(value_range(graph, graph.add("relu", net::Relu{}, {x})).least, 0);
  EXPECT_EQ(value_range(graph, graph.add("relu6", net::Clip{.min = 0, .max = 6}, {x})).largest, 6);
  EXPECT_EQ(value_range(graph, graph.add("sigmoid", net::Sigmoid{}, {x})).largest, 1);
  EXPECT_EQ(value_range(graph, graph.add("tanh", net::Tanh{}, {x})).least, -1);
  EXPECT_EQ(value_range(graph, x).least, -kInfinity);
}

// z = (1 - x_0 + x_1, 0): A moves along x_0 and x_1 alike in size, but only x_0 flips, at |x_0| > 1.
class OnPlane : public ::testing::Test {
 protected:
  OnPlane() {
    const net::NodeId image = graph_.add("image", net::Input{{2}}, {});
    const net::NodeId w = graph_.add_constant("w", Tensor({2, 2}, {-1, 1, 0, 0}));
    const net::NodeId b = graph_.add_constant("b", Tensor(Shape{2}, {1, 0}));
    node_ = graph_.add("here", net::Identity{}, {image});
    graph_.set_output(graph_.add("fc", net::Gemm{.transpose_b = true}, {node_, w, b}));
    plan_ = engine::make_engine("reference")->compile(graph_, {.observed = {node_}});
    // |A_a - A| = 0.25, which does not flip by itself: 4 times that does.
    runs_ = plan_->forward(Tensor({2, 2}, {0, 0, 0.25F, 0}));
  }
  DeviationDose dose(std::vector<double> direction, const DoseLevels& levels = {}) {
    Substitution substitution(*plan_, *runs_, node_, {0, 1});
    return deviation_dose(substitution, vector_of(std::move(direction)), {-kInfinity, kInfinity}, {0, 1},
                          levels);
  }

  net::Graph graph_;
  net::NodeId node_ = -1;
  std::unique_ptr<engine::Plan> plan_;
  std::unique_ptr<engine::Pass> runs_;
};

TEST_F(OnPlane, TheFirstLevelBeyondTheBoundary) {
  // A tie keeps the first class, so 4 itself does not flip.
  EXPECT_EQ(dose({1, 0}).dose, 8);
  EXPECT_EQ(dose({1, 0}).limit, 64);
  EXPECT_NEAR(*dose({1, 0}, {.largest = 64, .octaves = 7, .per_octave = 4}).dose, 4 * std::exp2(0.25), 1e-9);
  EXPECT_EQ(dose({3, 4}).dose, std::nullopt) << "moves away from the boundary";
  EXPECT_EQ(dose({3, 4}).limit, 64);
  EXPECT_EQ(dose({0, 0}).limit, 0) << "no direction";
  EXPECT_EQ(dose({1, 0}, {.largest = 64, .octaves = 1}).dose, 32) << "the least level";
}

TEST(WhiteNoise, IsTheStreams) {
  const DoubleTensor a = white_noise({2, 30, 30}, 3, "here");
  double mean = 0;
  for (const double value : a.values()) mean += value / 1800;
  EXPECT_NEAR(mean, 0, 0.1);
  EXPECT_EQ(distance(a, white_noise({2, 30, 30}, 3, "here")), 0);
  EXPECT_GT(distance(a, white_noise({2, 30, 30}, 3, "there")), 1);
}

}  // namespace
}  // namespace faultline::causal
