#include "attack/projection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "attack/step.h"
#include "networks.h"

namespace faultline::attack {
namespace {

// Every 8-bit value, moved far outside in both directions.
Tensor clean_values() {
  Tensor clean({2, 16, 16});
  for (std::int64_t i = 0; i < 512; ++i) {
    const std::int64_t value = i / 2;
    clean[i] = static_cast<float>(value) / 255.0F;
  }
  return clean;
}
Tensor far_from(const Tensor& clean, double size) {
  Tensor x = clean;
  for (std::int64_t i = 0; i < x.elements(); ++i) x[i] += static_cast<float>(i % 2 == 0 ? size : -size);
  return x;
}
std::vector<float> many_eps() {
  std::vector<float> result = {0, 1e-9F, 1e-7F, 1e-3F, 0.3F, 1};
  for (int k = 1; k <= 16; ++k) result.push_back(static_cast<float>(k) / 255);
  return result;
}

// In exact arithmetic: float differences are exact in double here.
TEST(Project, LinfIsWithinEpsAndTheRangeAndReachesOneOfThem) {
  const Tensor clean = clean_values();
  for (const float eps : many_eps()) {
    Tensor x = far_from(clean, 2);
    project({Norm::linf, eps}, clean, x);
    for (std::int64_t i = 0; i < x.elements(); ++i) {
      const double d = std::abs(static_cast<double>(x[i]) - static_cast<double>(clean[i]));
      ASSERT_LE(d, static_cast<double>(eps));
      ASSERT_TRUE(x[i] >= 0 && x[i] <= 1);
      const double bound = i % 2 == 0
                               ? std::min(1.0, static_cast<double>(clean[i]) + static_cast<double>(eps))
                               : std::max(0.0, static_cast<double>(clean[i]) - static_cast<double>(eps));
      ASSERT_NEAR(static_cast<double>(x[i]), bound, 1.2e-7) << eps;  // one ulp at 1
    }
  }
}

TEST(Project, L2IsWithinEpsAndTheRange) {
  const Tensor clean = clean_values();
  for (const float base : many_eps()) {
    for (const float eps : {base, 5 * base}) {
      for (const double size : {2.0, 0.01, 1e-5}) {
        Tensor x = far_from(clean, size);
        const double before = distance(Norm::l2, clean, x);
        project({Norm::l2, eps}, clean, x);
        const double after = distance(Norm::l2, clean, x);
        ASSERT_LE(after, static_cast<double>(eps));
        ASSERT_LE(after, before);
        ASSERT_LE(*std::ranges::max_element(x.values()), 1);
        ASSERT_GE(*std::ranges::min_element(x.values()), 0);
      }
    }
  }
}

TEST(Project, L2ScalesTowardsTheCentreByHand) {
  const Tensor clean({1, 1, 3}, {0.5F, 0.5F, 0.95F});
  Tensor x({1, 1, 3}, {0.8F, 0.5F, 1.35F});  // d = (0.3, 0, 0.4), |d| = 0.5
  project({Norm::l2, 0.25F}, clean, x);
  EXPECT_NEAR(static_cast<double>(x[0]), 0.65, 1e-7);
  EXPECT_EQ(x[1], 0.5F);
  EXPECT_EQ(x[2], 1);  // 0.95 + 0.2, clamped
}

TEST(Project, LeavesPointsInsideAlone) {
  const Tensor clean = clean_values();
  for (const Norm norm : {Norm::linf, Norm::l2}) {
    Tensor x = far_from(clean, 0.001);
    for (float& v : x.values()) v = std::clamp(v, 0.0F, 1.0F);
    const Tensor before = x;
    project({norm, 1}, clean, x);
    EXPECT_TRUE(std::ranges::equal(x.values(), before.values()));
  }
}

TEST(RandomStart, FillsTheBallEvenly) {
  Tensor clean({1, 100, 100});
  std::fill_n(clean.data(), clean.elements(), 0.5F);
  Tensor x = clean;
  const double eps = 0.125;
  random_start({Norm::linf, 0.125F}, RandomStream(1, "a"), clean, x);
  double sum = 0, squares = 0;
  for (const float v : x.values()) {
    const double d = static_cast<double>(v) - 0.5;
    sum += d;
    squares += d * d;
  }
  EXPECT_LE(distance(Norm::linf, clean, x), eps);
  EXPECT_GT(distance(Norm::linf, clean, x), 0.999 * eps);
  EXPECT_NEAR(sum / 1e4, 0, 5 * eps / std::sqrt(3e4));
  EXPECT_NEAR(squares / 1e4, eps * eps / 3, 5 * eps * eps * std::sqrt(4.0 / 45 / 1e4));
}

// The radius of a uniform point of a ball in n dimensions is eps u^(1/n): here n = 2, of mean 2/3 eps.
TEST(RandomStart, L2RadiusIsThatOfAUniformPoint) {
  const Tensor clean({1, 1, 2}, {0.5F, 0.5F});
  double sum = 0;
  for (int i = 0; i < 2000; ++i) {
    Tensor x = clean;
    random_start({Norm::l2, 0.25F}, RandomStream(1, std::to_string(i)), clean, x);
    const double radius = distance(Norm::l2, clean, x);
    ASSERT_LE(radius, 0.25);
    sum += radius / 0.25;
  }
  EXPECT_NEAR(sum / 2000, 2.0 / 3, 5 * std::sqrt(1.0 / 18 / 2000));
}

TEST(Step, ByHand) {
  const Tensor gradient({1, 1, 3}, {3e-30F, 0.0F, -4e-30F});
  Tensor x({1, 1, 3}, {0.5F, 0.5F, 0.5F});
  step(Norm::linf, 0.25F, gradient, x);
  EXPECT_EQ(x[0], 0.75F);
  EXPECT_EQ(x[1], 0.5F);
  EXPECT_EQ(x[2], 0.25F);
  step(Norm::l2, 0.5F, gradient, x);
  EXPECT_NEAR(static_cast<double>(x[0]), 1.05, 1e-7);
  EXPECT_NEAR(static_cast<double>(x[2]), -0.15, 1e-7);
}

// A network that overflows must not make pixels that are no numbers.
TEST(Step, AnInfiniteOrUndefinedGradientIsNoL2Step) {
  for (const float value :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    Tensor x({1, 1, 2}, {0.5F, 0.25F});
    step(Norm::l2, 0.25F, Tensor({1, 1, 2}, {value, 1.0F}), x);
    EXPECT_EQ(x[0], 0.5F);
    EXPECT_EQ(x[1], 0.25F);
  }
}

TEST(Step, NoGradientIsNoStep) {
  for (const Norm norm : {Norm::linf, Norm::l2}) {
    Tensor x({1, 1, 2}, {0.5F, 0.25F});
    step(norm, 0.25F, Tensor({1, 1, 2}), x);
    EXPECT_EQ(x[0], 0.5F);
    EXPECT_EQ(x[1], 0.25F);
  }
}

}  // namespace
}  // namespace faultline::attack
