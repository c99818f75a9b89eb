#include "attack/square.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>
#include <set>

#include "attack/projection.h"
#include "attack/square_pattern.h"
#include "attack/square_proposal.h"
#include "expect_error.h"
#include "networks.h"

namespace faultline::attack {
namespace {

std::vector<AttackedImage> run_on_small(const Square& square, const AttackInput& input) {
  return run(square, *test::compile(test::small_network()), input, {});
}

Square square(Norm norm, float eps, int queries) {
  return {.ball = {norm, eps}, .queries = queries};
}

TEST(SquareShare, HalvesAfterTheOfficialQueries) {
  const std::vector<std::pair<int, double>> official = {
      {0, 1},      {10, 1},     {11, 2},     {50, 2},     {51, 4},     {200, 4},    {201, 8},
      {500, 8},    {501, 16},   {1000, 16},  {1001, 32},  {2000, 32},  {2001, 64},  {4000, 64},
      {4001, 128}, {6000, 128}, {6001, 256}, {8000, 256}, {8001, 512}, {20000, 512}};
  for (const auto& [query, divisor] : official) {
    EXPECT_EQ(square_share(0.8, query, 5000, false), 0.8 / divisor) << query;
  }
  EXPECT_EQ(square_share(0.8, 5, 5000, true), 0.8);
  EXPECT_EQ(square_share(0.8, 6, 5000, true), 0.8 / 2);  // as query 12 of 10,000
  EXPECT_EQ(square_share(0.8, 4999, 5000, true), 0.8 / 512);
}

TEST(SquareSide, CoversTheShare) {
  EXPECT_EQ(square_side(Norm::linf, 0.8, 224, 224), 200);
  EXPECT_EQ(square_side(Norm::linf, 0.8 / 512, 224, 224), 9);
  EXPECT_EQ(square_side(Norm::linf, 0.8 / 512, 8, 8), 1);
  EXPECT_EQ(square_side(Norm::linf, 0.8, 10, 40), 10);  // not larger than the image
  EXPECT_EQ(square_side(Norm::l2, 0.8, 224, 224), 201);
  EXPECT_EQ(square_side(Norm::l2, 0.8 / 512, 32, 32), 3);
  EXPECT_EQ(square_side(Norm::l2, 0.8, 2, 2), 2);
}

TEST(SquarePattern, HasLengthOneAndTwoOppositeHalves) {
  EXPECT_EQ(square_pattern(1), std::vector<double>{-1});
  for (const std::int64_t side : {2, 3, 5, 12}) {
    const std::vector<double> u = square_pattern(side);
    EXPECT_NEAR(std::inner_product(u.begin(), u.end(), u.begin(), 0.0), 1, 1e-12);
    const auto upper = static_cast<std::ptrdiff_t>(side / 2 * side);
    EXPECT_GT(*std::min_element(u.begin(), u.begin() + upper), 0);
    EXPECT_LT(*std::max_element(u.begin() + upper, u.end()), 0);
    const double half = std::inner_product(u.begin(), u.begin() + upper, u.begin(), 0.0);
    EXPECT_NEAR(half, 0.5, 1e-12);
  }
  // Side 3: the upper half is one row, 1/4 and 1/4 beside 1 + 1/4.
  const std::vector<double> u = square_pattern(3);
  EXPECT_NEAR(u[1] / u[0], 5, 1e-12);
  EXPECT_EQ(u[0], u[2]);
}

// With all values away from 0 and 1: every start and proposal is on the surface of the ball.
TEST(SquareProposal, IsOnTheSurfaceAndChangesOneSquare) {
  Tensor clean({3, 9, 11});
  std::ranges::fill(clean.values(), 0.5F);
  Tensor best(clean.shape()), x(clean.shape());
  const RandomStream stream(1, "squares");
  for (const Ball ball : {Ball{Norm::linf, 0.0625F}, Ball{Norm::l2, 0.25F}}) {
    square_start(ball, stream, clean, best);
    EXPECT_NEAR(distance(ball.norm, clean, best), static_cast<double>(ball.eps), 1e-6);
    std::set<std::int64_t> touched;
    for (int query = 0; query < 200; ++query) {
      const std::int64_t side = 3;
      const std::vector<double> pattern = square_pattern(side);
      square_proposal(ball, stream, query, side, pattern, clean, best, x);
      EXPECT_NEAR(distance(ball.norm, clean, x), static_cast<double>(ball.eps), 1e-6);
      EXPECT_LE(distance(ball.norm, clean, x), static_cast<double>(ball.eps));
      if (ball.norm == Norm::l2) continue;
      for (std::int64_t i = 0; i < x.elements(); ++i) {
        if (x[i] != best[i]) touched.insert(i % 99);
      }
    }
    if (ball.norm == Norm::linf) {
      EXPECT_EQ(touched.size(), 8U * 10U);  // no square reaches the last row or column
    }
  }
}

TEST(Square, TheLinearClassifiersScoreRisesTowardsItsBound) {
  Tensor weights({3, 48});
  const Tensor w = test::random_tensor({48}, "w", 1);
  double bound = 0;
  for (std::int64_t i = 0; i < 48; ++i) {
    weights[i] = w[i];
    bound += std::abs(static_cast<double>(w[i])) * 0.0625;
  }
  for (std::int64_t i = 96; i < 144; ++i) weights[i] = -5;
  Tensor image({1, 3, 4, 4});
  for (std::int64_t i = 0; i < 48; ++i) image[i] = w[i] > 0 ? 0.9F : 0.1F;  // class 0, out of reach
  const auto plan = test::compile(test::linear_network({3, 4, 4}, weights));
  const std::vector<std::string> keys = {"a"};
  double before = -1e9;
  for (const int queries : {1, 10, 100, 1500}) {
    const auto result = std::move(
        run(square(Norm::linf, 0.0625F, queries), *plan, {.images = image, .keys = keys, .seed = 1}, {})[0]);
    EXPECT_FALSE(result.adversarial.success);
    const double moved = result.adversarial.score - result.clean.score;
    EXPECT_GE(moved, before);
    EXPECT_LE(moved, bound + 1e-5);
    before = moved;
  }
  EXPECT_GT(before, 0.5 * bound);  // the last row and column keep their stripes
}

TEST(Square, CountsQueriesAsForwardPasses) {
  const test::Images images({12, 3, 8, 8});
  const Square attack = square(Norm::linf, 24.0F / 255, 40);
  std::set<int> ends;
  for (const AttackedImage& result : run_on_small(attack, images.input())) {
    const int queries = result.adversarial.success ? result.steps : 40;
    EXPECT_EQ(result.forward_passes, 2 + 1 + queries);  // the start is one too
    EXPECT_EQ(result.backward_passes, 0);
    EXPECT_LE(result.linf, static_cast<double>(attack.ball.eps));
    ends.insert(result.adversarial.success ? result.steps : -1);
  }
  EXPECT_GE(ends.size(), 3U);
  EXPECT_EQ(cost(attack).forward, 43);
  EXPECT_EQ(cost(Square{}).forward, 5003);
}

TEST(Square, ResultsDependOnNoBatchAndNoOrder) {
  const test::Images images({9, 3, 8, 8});
  const test::Images reversed = images.reversed();
  for (Square attack : {square(Norm::linf, 3.0F / 255, 20), square(Norm::l2, 0.1F, 20)}) {
    attack.restarts = 2;
    const auto whole = run_on_small(attack, images.input());
    AttackInput input = reversed.input();
    input.max_batch = 4;
    const auto others = run_on_small(attack, input);
    for (std::size_t i = 0; i < 9; ++i) {
      EXPECT_TRUE(std::ranges::equal(whole[i].image.values(), others[8 - i].image.values()));
      EXPECT_EQ(whole[i].forward_passes, others[8 - i].forward_passes);
      EXPECT_EQ(whole[i].steps, others[8 - i].steps);
      EXPECT_EQ(whole[i].restart, others[8 - i].restart);
    }
  }
}

TEST(Square, WrongFromTheStartIsLeftAloneAndABoostIsNot) {
  const test::Images images({2, 3, 8, 8});
  const auto clean = run_on_small(square(Norm::linf, 0, 1), images.input());
  const std::vector<int> labels = {clean[0].clean.predicted, (clean[1].clean.predicted + 1) % 5};
  AttackInput input = images.input();
  input.labels = labels;
  const auto results = run_on_small(square(Norm::linf, 4.0F / 255, 5), input);
  EXPECT_EQ(results[1].forward_passes, 2);
  EXPECT_EQ(results[1].linf, 0);
  Square boost = square(Norm::linf, 4.0F / 255, 30);
  boost.objective.goal = Goal::boost;
  for (const AttackedImage& result : run_on_small(boost, images.input())) {
    EXPECT_EQ(result.forward_passes, 33);
    EXPECT_LT(result.adversarial.loss, result.clean.loss);
  }
}

TEST(Square, ANetworkThatNeverFlipsGivesNoSuccessAndNoNan) {
  const auto plan = test::compile(test::linear_network({3, 4, 4}, Tensor({5, 48})));
  const test::Images images({2, 3, 4, 4});
  for (const Norm norm : {Norm::linf, Norm::l2}) {
    for (const float eps : {0.0F, 0.1F}) {
      for (const AttackedImage& result : run(square(norm, eps, 15), *plan, images.input(), {})) {
        EXPECT_FALSE(result.adversarial.success);
        EXPECT_TRUE(std::ranges::all_of(result.image.values(), [](float v) { return v >= 0 && v <= 1; }));
      }
    }
  }
}

TEST(Square, AStopIsObeyed) {
  const test::Images images({3, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  std::atomic<bool> stop = false;
  const RunControl stopping([&](const Progress& progress) { stop = progress.done == 3; }, &stop);
  faultline::test::expect_error([&] { run(square(Norm::linf, 0.001F, 50), *plan, images.input(), stopping); },
                                ErrorKind::interrupted, "stopped");
}

}  // namespace
}  // namespace faultline::attack
