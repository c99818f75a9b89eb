#include "attack/critical_strength.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "attack/catalogue.h"
#include "expect_error.h"
#include "networks.h"

namespace faultline::attack {
namespace {

std::unique_ptr<Attack> fgsm(float eps) {
  return make_attack(attack_settings("fgsm").set("eps", double{eps}));
}
std::unique_ptr<Attack> pgd(float eps) {
  return make_attack(attack_settings("pgd", {"steps=3"}).set("eps", double{eps}));
}

constexpr EpsBracket kBracket{0.25F / 255, 64.0F / 255};

// z_0 - z_1 = w x: FGSM flips from the margin over the sum of |w| on, whatever the image.
TEST(CriticalStrength, OfALinearClassifierIsTheMarginOverTheDualNorm) {
  const Tensor w = test::random_tensor({48}, "w", 1);
  Tensor weights({2, 48});
  std::ranges::copy(w.values(), weights.row(0).data());
  const auto plan = test::compile(test::linear_network({3, 4, 4}, weights));
  const int n = 7;
  Tensor images({n, 3, 4, 4});
  std::vector<std::string> keys;
  std::vector<double> exact;
  double sum = 0;
  for (const float v : w.values()) sum += std::abs(static_cast<double>(v));
  for (int i = 0; i < n; ++i) {
    keys.push_back(std::to_string(i));
    // 0.5 +- e_i, from which the margin is e_i times the sum, plus that of an image of 0.5 everywhere.
    const double e = 0.002 * std::pow(1.9, i);
    double margin = 0;
    for (std::int64_t k = 0; k < 48; ++k) {
      const float value = 0.5F + static_cast<float>(w[k] > 0 ? e : -e);
      images.row(i)[k] = value;
      margin += static_cast<double>(w[k]) * static_cast<double>(value);
    }
    exact.push_back(std::abs(margin) / sum);
  }
  const auto found = critical_strength(&fgsm, {0.001F, 0.5F}, *plan, {.images = images, .keys = keys}, {});
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_TRUE(found[i].eps.has_value());
    EXPECT_GE(static_cast<double>(*found[i].eps), exact[i]);
    EXPECT_LT(static_cast<double>(found[i].fails_at), exact[i]);
    EXPECT_LE(*found[i].eps - found[i].fails_at, *found[i].eps / 16);
    EXPECT_LE(found[i].rounds, most_rounds({0.001F, 0.5F}));
    EXPECT_TRUE(found[i].attacked.adversarial.success);
    EXPECT_LE(found[i].attacked.linf, static_cast<double>(*found[i].eps));
    EXPECT_EQ(found[i].forward_passes, 3 * found[i].rounds);
    EXPECT_EQ(found[i].backward_passes, found[i].rounds);
  }
}

TEST(CriticalStrength, TheAttackSucceedsThereAndNotBelow) {
  const test::Images images({8, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  const auto found = critical_strength(&pgd, kBracket, *plan, images.input(), {});
  int known = 0;
  for (const float which : {0.0F, 1.0F}) {
    std::vector<float> eps;
    for (const CriticalStrength& one : found) {
      eps.push_back(which > 0 ? one.eps.value_or(kBracket.largest) : one.fails_at);
    }
    const auto again = attack_at(&pgd, eps, *plan, images.input(), {});
    for (std::size_t i = 0; i < 8; ++i) {
      EXPECT_EQ(again[i].adversarial.success, which > 0 && found[i].eps.has_value());
      known += found[i].eps.has_value() ? 1 : 0;
      if (which == 0) continue;
      EXPECT_TRUE(std::ranges::equal(again[i].image.values(), found[i].attacked.image.values()));
    }
  }
  EXPECT_GT(known, 8);
}

TEST(CriticalStrength, ResultsDependOnNoOtherImage) {
  const test::Images images({6, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  AttackInput input = images.input();
  const auto whole = critical_strength(&pgd, kBracket, *plan, input, {});
  for (std::int64_t i = 0; i < 6; ++i) {
    const auto k = static_cast<std::size_t>(i);
    input.images = images.pixels.view().rows(i, 1);
    input.keys = std::span(images.keys).subspan(k, 1);
    const auto alone = std::move(critical_strength(&pgd, kBracket, *plan, input, {})[0]);
    EXPECT_EQ(alone.eps, whole[k].eps);
    EXPECT_EQ(alone.rounds, whole[k].rounds);
    EXPECT_TRUE(std::ranges::equal(alone.attacked.image.values(), whole[k].attacked.image.values()));
  }
}

TEST(CriticalStrength, IsMissingWhereTheLargestFailsAndZeroWhereTheCleanImageSucceeds) {
  const test::Images images({2, 3, 4, 4});
  const auto plan = test::compile(test::linear_network({3, 4, 4}, Tensor({5, 48})));  // always class 0
  const std::vector<int> labels = {0, 3};
  AttackInput input = images.input();
  input.labels = labels;
  const auto found = critical_strength(&fgsm, {0.01F, 0.05F}, *plan, input, {});
  EXPECT_FALSE(found[0].eps.has_value());
  EXPECT_EQ(found[0].fails_at, 0.05F);
  EXPECT_EQ(found[0].rounds, 4);  // 0.01, 0.02, 0.04, 0.05
  EXPECT_EQ(found[1].eps, 0.0F);
  EXPECT_EQ(found[1].rounds, 1);
}

TEST(CriticalStrength, StopsAtTheLeast) {
  const test::Images images({3, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  for (const CriticalStrength& one : critical_strength(&pgd, {0.2F, 0.8F}, *plan, images.input(), {})) {
    EXPECT_EQ(one.eps, 0.2F);
    EXPECT_EQ(one.fails_at, 0);
    EXPECT_EQ(one.rounds, 1);
  }
}

TEST(CriticalStrength, RefusesABracketAndObeysAStop) {
  const test::Images images({3, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  for (const EpsBracket& bracket : {EpsBracket{0, 1}, EpsBracket{0.5F, 0.25F}}) {
    faultline::test::expect_error([&] { critical_strength(&pgd, bracket, *plan, images.input(), {}); },
                                  ErrorKind::usage, "critical strength: got eps from");
  }
  std::atomic<bool> stop = false;
  const RunControl stopping([&](const Progress&) { stop = true; }, &stop);
  faultline::test::expect_error([&] { critical_strength(&pgd, kBracket, *plan, images.input(), stopping); },
                                ErrorKind::interrupted, "stopped");
  EXPECT_EQ(most_rounds({0.25F, 0.25F}), 1);
  EXPECT_EQ(most_rounds({0.25F, 1}), 3 + 4);
}

}  // namespace
}  // namespace faultline::attack
