#include <gtest/gtest.h>

#include <cmath>

#include "attack/catalogue.h"
#include "networks.h"

namespace faultline::attack {
namespace {

// Two classes, z_0 - z_1 = w x: the strongest perturbation is known in closed form, whatever the loss.
class TwoClasses : public ::testing::Test {
 protected:
  static constexpr double kEps = 0.0625;
  const Shape sample_{3, 4, 4};
  Tensor w_ = test::random_tensor({48}, "w", 1);
  Tensor x_ = Tensor({1, 3, 4, 4});
  std::vector<std::string> keys_ = {"a"};
  std::unique_ptr<engine::Plan> plan_;

  void SetUp() override {
    Tensor weights({2, 48});
    for (std::int64_t i = 0; i < 48; ++i) weights[i] = w_[i];
    plan_ = test::compile(test::linear_network(sample_, weights));
    for (std::int64_t i = 0; i < 48; ++i) x_[i] = w_[i] > 0 ? 0.6F : 0.4F;  // class 0, away from the borders
  }
  AttackedImage run(const Attack& attack) const {
    return std::move(attack.run(*plan_, {.images = x_, .keys = keys_, .seed = 1}, {})[0]);
  }
  double moved_margin(const AttackedImage& result) const {
    double change = 0;
    for (std::int64_t i = 0; i < 48; ++i) {
      change +=
          static_cast<double>(w_[i]) * (static_cast<double>(result.image[i]) - static_cast<double>(x_[i]));
    }
    return change;
  }
  double w_norm(double p) const {
    double sum = 0;
    for (const float w : w_.values()) sum += std::pow(std::abs(static_cast<double>(w)), p);
    return std::pow(sum, 1 / p);
  }
};

TEST_F(TwoClasses, FgsmIsTheStrongestLinfPerturbation) {
  for (const char* loss : {"loss=cross-entropy", "loss=margin"}) {
    const auto result = run(*make_attack("fgsm", {"eps=0.0625", loss}));
    EXPECT_EQ(result.clean.predicted, 0);
    EXPECT_EQ(result.aim.label, 0);
    EXPECT_NEAR(moved_margin(result), -kEps * w_norm(1), 1e-5);
    EXPECT_NEAR(result.linf, kEps, 1e-7);
  }
}

TEST_F(TwoClasses, FgsmInL2GoesAlongTheWeights) {
  const auto result = run(*make_attack("fgsm", {"norm=l2", "eps=0.0625"}));
  EXPECT_NEAR(moved_margin(result), -kEps * w_norm(2), 1e-5);
  for (std::int64_t i = 0; i < 48; ++i) {
    const double expected = static_cast<double>(x_[i]) - kEps * static_cast<double>(w_[i]) / w_norm(2);
    EXPECT_NEAR(static_cast<double>(result.image[i]), expected, 1e-6);
  }
}

// Ten steps of a quarter eps cross the ball from any start, and end in its corner.
TEST_F(TwoClasses, PgdEndsInTheSameCornerFromAnyStart) {
  const auto fgsm = run(*make_attack("fgsm", {"eps=0.0625"}));
  const auto pgd = run(*make_attack("pgd", {"eps=0.0625"}));
  for (std::int64_t i = 0; i < 48; ++i) EXPECT_EQ(pgd.image[i], fgsm.image[i]);
}

TEST_F(TwoClasses, BoostIsTheOppositeOfTheAttack) {
  const auto result = run(*make_attack("bim", {"eps=0.0625", "goal=boost"}));
  EXPECT_NEAR(moved_margin(result), kEps * w_norm(1), 1e-5);
  EXPECT_TRUE(result.adversarial.success);
  EXPECT_LT(result.adversarial.loss, result.clean.loss);
}

TEST_F(TwoClasses, AVerySureNetworkIsAttackedAllTheSame) {
  Tensor weights({2, 48});
  for (std::int64_t i = 0; i < 48; ++i) weights[i] = 1000 * w_[i];
  plan_ = test::compile(test::linear_network(sample_, weights));
  const auto result = run(*make_attack("fgsm", {"eps=0.0625"}));
  EXPECT_NEAR(moved_margin(result), -kEps * w_norm(1), 1e-5);
}

}  // namespace
}  // namespace faultline::attack
