#include "attack/ball_projection.h"

#include <gtest/gtest.h>

#include <vector>

#include "attack/norm.h"
#include "networks.h"

namespace faultline::attack {
namespace {

std::vector<double> projected(Norm norm, double eps, std::vector<double> d) {
  project_onto_ball(norm, eps, d);
  return d;
}

TEST(BallProjection, OfEachNorm) {
  using Values = std::vector<double>;
  EXPECT_EQ(projected(Norm::linf, 1, {3, -4, 0.5}), (Values{1, -1, 0.5}));
  EXPECT_EQ(projected(Norm::l2, 1, {3, -4}), (Values{0.6000000000000001, -0.8}));
  EXPECT_EQ(projected(Norm::l1, 2, {3, -2, 0.5}), (Values{1.5, -0.5, 0}));
  EXPECT_EQ(projected(Norm::l1, 1, {1, 1, -1, 1}), (Values{0.25, 0.25, -0.25, 0.25}));
  EXPECT_EQ(projected(Norm::l0, 2.9, {1, -4, 0.5, 4}), (Values{0, -4, 0, 4}));
  EXPECT_EQ(projected(Norm::l0, 1, {2, -2, 2}), (Values{2, 0, 0}));
}

TEST(BallProjection, LeavesWhatIsInside) {
  const std::vector<double> d = {0.25, -0.5, 0.125};
  for (const Norm norm : {Norm::linf, Norm::l2, Norm::l1, Norm::l0}) EXPECT_EQ(projected(norm, 4, d), d);
  for (const Norm norm : {Norm::linf, Norm::l2, Norm::l1, Norm::l0}) {
    EXPECT_EQ(norm_of(norm, projected(norm, 0, d)), 0);
  }
}

// Nearest: (d - p) is a normal of the l1 ball at p, the same size wherever p is not 0, and no larger
// elsewhere.
TEST(BallProjection, L1IsTheNearestPoint) {
  for (int seed = 0; seed < 20; ++seed) {
    const RandomStream stream(static_cast<std::uint64_t>(seed), "l1");
    std::vector<double> d(40);
    for (std::size_t i = 0; i < d.size(); ++i) d[i] = stream.normal(i);
    const std::vector<double> p = projected(Norm::l1, 5, d);
    EXPECT_NEAR(norm_of(Norm::l1, p), 5, 1e-12);
    double taken = -1;
    for (std::size_t i = 0; i < d.size(); ++i) {
      if (p[i] == 0) continue;
      if (taken < 0) taken = std::abs(d[i] - p[i]);
      EXPECT_NEAR(std::abs(d[i] - p[i]), taken, 1e-12);
      EXPECT_GT(p[i] * d[i], 0);
    }
    for (std::size_t i = 0; i < d.size(); ++i) EXPECT_LE(std::abs(d[i] - p[i]), taken + 1e-12);
  }
}

}  // namespace
}  // namespace faultline::attack
