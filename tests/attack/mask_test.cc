#include <gtest/gtest.h>

#include <cmath>

#include "every_attack.h"
#include "expect_error.h"
#include "image/encode.h"

namespace faultline::attack {
namespace {

// The images' left halves may be changed; of the first image, one pixel only.
Tensor left_halves(const Shape& images) {
  Tensor masks({images[0], images[2], images[3]});
  for (std::int64_t i = 0; i < masks.elements(); ++i) masks[i] = i % images[3] < images[3] / 2 ? 1.0F : 0.0F;
  std::ranges::fill(masks.row(0).values(), 0.0F);
  masks.row(0)[9] = 1;
  return masks;
}

TEST(Mask, NoAttackChangesAPictureElsewhere) {
  const test::Images images({4, 3, 8, 8});
  const Tensor masks = left_halves(images.pixels.shape());
  AttackInput input = images.input();
  input.masks = masks;
  test::for_every_attack([&](const Attack& attack, engine::Plan& plan) {
    SCOPED_TRACE(attack.name());
    if (attack.name() == "layer") input.guides = images.pixels;
    int changed = 0;
    const auto results = attack.run(plan, input, {});
    for (int n = 0; n < 4; ++n) {
      const TensorView clean = images.pixels.row(n);
      const TensorView mask = masks.row(n);
      for (std::int64_t i = 0; i < clean.elements(); ++i) {
        const float found = results[static_cast<std::size_t>(n)].image[i];
        if (mask[i % 64] == 0) {
          ASSERT_EQ(found, clean[i]) << "image " << n << ", value " << i;
        }
        changed += found != clean[i] ? 1 : 0;
      }
    }
    EXPECT_GT(changed, 10);
    EXPECT_LE(results[0].linf, 1);
  });
}

TEST(Mask, ResultsDependOnNoBatchAndNotOnOtherMasks) {
  const test::Images images({4, 3, 8, 8});
  const Tensor masks = left_halves(images.pixels.shape());
  AttackInput input = images.input();
  input.masks = masks;
  test::for_every_attack([&](const Attack& attack, engine::Plan& plan) {
    SCOPED_TRACE(attack.name());
    input.max_batch = 4;
    const auto whole = attack.run(plan, input, {});
    input.max_batch = 3;
    const auto parts = attack.run(plan, input, {});
    for (std::size_t n = 0; n < 4; ++n) {
      EXPECT_EQ(std::ranges::mismatch(whole[n].image.values(), parts[n].image.values()).in1,
                whole[n].image.values().end());
      EXPECT_EQ(whole[n].backward_passes, parts[n].backward_passes);
    }
  });
}

TEST(Mask, ThatIsWhiteEverywhereChangesNothing) {
  const test::Images images({3, 3, 8, 8});
  Tensor white({3, 8, 8});
  std::ranges::fill(white.values(), 1.0F);
  AttackInput masked = images.input();
  masked.masks = white;
  test::for_every_attack([&](const Attack& attack, engine::Plan& plan) {
    SCOPED_TRACE(attack.name());
    const auto with = attack.run(plan, masked, {});
    const auto without = attack.run(plan, images.input(), {});
    for (std::size_t n = 0; n < 3; ++n)
      EXPECT_EQ(std::ranges::mismatch(with[n].image.values(), without[n].image.values()).in1,
                with[n].image.values().end());
  });
}

// z_1 - z_0 = <w, x>: of the half that may be changed, DeepFool takes |f|/|w_half|, FGSM the signs of w
// there.
TEST(Mask, OnALinearClassifierTheDistanceIsThatOfTheHalf) {
  Tensor weights({2, 3 * 4 * 4});
  const Tensor w = test::random_tensor({48}, "w", 1);
  for (std::int64_t i = 0; i < 48; ++i) weights.row(1)[i] = w[i];
  const auto plan = test::compile(test::linear_network({3, 4, 4}, std::move(weights)));
  Tensor pixels({1, 3, 4, 4});
  std::ranges::fill(pixels.values(), 0.5F);
  Tensor mask({1, 4, 4});
  for (std::int64_t i = 0; i < 16; ++i) mask[i] = i % 4 < 2 ? 1.0F : 0.0F;
  double f = 0;
  double squares = 0;
  for (std::int64_t i = 0; i < 48; ++i) {
    const auto value = static_cast<double>(w[i]);
    f += 0.5 * value;
    if (mask[i % 16] != 0) squares += value * value;
  }
  const std::vector<std::string> keys = {"one"};
  const AttackInput input{.images = pixels, .masks = mask, .keys = keys};
  const auto nearest = make_attack("deepfool", {"overshoot=0.001"})->run(*plan, input, {});
  EXPECT_TRUE(nearest[0].adversarial.success);
  EXPECT_NEAR(nearest[0].l2, 1.001 * std::abs(f) / std::sqrt(squares), 1e-5);
  const auto signs = make_attack("fgsm", {"eps=0.1"})->run(*plan, input, {});
  for (std::int64_t i = 0; i < 48; ++i) {
    const float toward = f > 0 ? -1.0F : 1.0F;
    const float step = mask[i % 16] == 0 ? 0.0F : w[i] > 0 ? toward : -toward;
    EXPECT_NEAR(signs[0].image[i], 0.5F + 0.1F * step, 1e-6F);
  }
}

TEST(Mask, OfAnotherSizeIsRefused) {
  const test::Images images({2, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  const Tensor masks({2, 4, 8});
  AttackInput input = images.input();
  input.masks = masks;
  EXPECT_THROW(make_attack("fgsm")->run(*plan, input, {}), ContractError);
}

}  // namespace
}  // namespace faultline::attack
