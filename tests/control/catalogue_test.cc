#include "control/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "control/boost.h"
#include "control/images.h"
#include "control/match.h"
#include "expect_error.h"
#include "expect_parameters.h"

namespace faultline::control {
namespace {

bool same(const Tensor& a, const Tensor& b) {
  return std::ranges::equal(a.values(), b.values());
}

// Images in the middle of the range, and at its borders where half of any noise is clipped away.
TEST(Controls, AreAsLongAsThePerturbationAfterClipping) {
  for (const auto& [low, high] : {std::pair{60, 200}, {0, 0}, {255, 255}, {0, 8}, {0, 255}}) {
    const Tensor x =
        test::image({3, 16, 15}, static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(high));
    const Tensor d = test::perturbation(x, 0.03F);
    const double length = statistics(difference(d, Tensor(d.shape()))).l2;
    const Tensor boosting = test::image(x.shape(), 1, 254);
    const ControlInput input{x, d, {}, boosting, boosting};
    for (const ControlEntry& entry : control_catalogue()) {
      if (entry.scaling != Scaling::length) continue;
      // Given perturbations are positive here: see the unmatched case.
      if (entry.needs != Needs::nothing && low == 255) continue;
      const ControlledImage made = make_control(entry, input, 1, "key", 0);
      EXPECT_TRUE(made.matched) << entry.name << low << ".." << high;
      EXPECT_NEAR(made.achieved.l2, length, 1e-3 * length) << entry.name << low << ".." << high;
      EXPECT_GE(*std::ranges::min_element(made.image.values()), 0);
      EXPECT_LE(*std::ranges::max_element(made.image.values()), 1);
      EXPECT_NEAR(statistics(difference(made.image, x)).l2, made.achieved.l2, 1e-12);
    }
  }
}

TEST(Controls, UnclippedNoiseNeedsNoScalingAndKeepsItsMoments) {
  const Tensor x = test::image({3, 16, 15}, 100, 155);
  const Tensor d = test::perturbation(x, 0.03F);
  const Statistics wanted = statistics(difference(d, Tensor(d.shape())));
  for (const std::string_view name : {"gaussian", "shuffled", "phase", "uniform"}) {
    const ControlledImage made = make_control(find_control(name), {x, d}, 1, "key", 0);
    EXPECT_EQ(made.scale, 1) << name;
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(made.achieved.mean[c], wanted.mean[c], 1e-7);
      EXPECT_NEAR(made.achieved.std[c], wanted.std[c], 1e-7);
    }
  }
}

TEST(Controls, AreAFunctionOfSeedKeyNameAndDraw) {
  const Tensor x = test::image({3, 8, 8}, 60, 200);
  const Tensor d = test::perturbation(x, 0.03F);
  for (const std::string_view name : {"gaussian", "shuffled", "phase", "uniform", "sign"}) {
    const auto make = [&](std::uint64_t seed, std::string_view key, int draw) {
      return make_control(find_control(name), {x, d}, seed, key, draw).image;
    };
    const Tensor made = make(1, "key", 0);
    EXPECT_TRUE(same(made, make(1, "key", 0))) << name;
    EXPECT_FALSE(same(made, make(2, "key", 0))) << name;
    EXPECT_FALSE(same(made, make(1, "other", 0))) << name;
    EXPECT_FALSE(same(made, make(1, "key", 1))) << name;
  }
}

TEST(Controls, AllWhiteImageWithPositiveNoiseIsUnmatched) {
  const Tensor x = test::image({3, 8, 8}, 255, 255);
  const Tensor d = test::perturbation(x, 0.03F);
  const Tensor positive = test::image(x.shape(), 1, 20);
  const ControlledImage made = make_control(find_control("boost"), {x, d, {}, positive}, 1, "key", 0);
  EXPECT_FALSE(made.matched);
  EXPECT_EQ(made.achieved.l2, 0);
}

TEST(Boost, IsItsOwnPerturbationRescaled) {
  const Tensor x = test::image({3, 8, 8}, 100, 155);
  const Tensor d = test::perturbation(x, 0.03F);
  const Tensor other = test::perturbation(test::image({3, 8, 8}, 0, 255), 0.01F);
  const ControlledImage made = make_control(find_control("boost"), {x, d, {}, other}, 1, "key", 0);
  EXPECT_TRUE(made.matched);
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    EXPECT_NEAR(static_cast<double>(made.image[i] - x[i]), made.scale * static_cast<double>(other[i]), 1e-7);
  }
  EXPECT_THROW(make_control(find_control("boost"), {x, d}, 1, "key", 0), ContractError);
}

TEST(Transfer, IsAnotherImagesPerturbationRescaled) {
  const Tensor x = test::image({3, 8, 8}, 100, 155);
  const Tensor d = test::perturbation(x, 0.03F);
  const Tensor other = test::perturbation(test::image({3, 8, 8}, 0, 255), 0.01F);
  const ControlledImage made = make_control(
      find_control("transfer"), {.image = x, .perturbation = d, .transfer_perturbation = other}, 1, "key", 0);
  EXPECT_TRUE(made.matched);
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    EXPECT_NEAR(static_cast<double>(made.image[i] - x[i]), made.scale * static_cast<double>(other[i]), 1e-7);
  }
  EXPECT_THROW(make_control(find_control("transfer"), {x, d}, 1, "key", 0), ContractError);
}

// Stands for a network: flips as soon as the image is at least this far from the clean one (L2).
FlipTest flips_from(const Tensor& x, double length, int* calls = nullptr) {
  return [&x, length, calls](std::span<const Tensor> images) {
    if (calls != nullptr) ++*calls;
    std::vector<bool> flipped;
    for (const Tensor& image : images) flipped.push_back(statistics(difference(image, x)).l2 >= length);
    return flipped;
  };
}

TEST(FlipGaussian, IsTheWeakestThatFlipsToASixteenth) {
  const Tensor x = test::image({3, 16, 16}, 100, 155);
  const Tensor d = test::perturbation(x, 0.03F);
  for (const double length : {0.05, 0.3, 1.0, 4.0}) {
    int calls = 0;
    const ControlledImage made =
        make_control(find_control("flip-gaussian"),
                     {.image = x, .perturbation = d, .flips = flips_from(x, length, &calls)}, 1, "key", 0);
    EXPECT_TRUE(made.matched);
    EXPECT_GE(made.achieved.l2, length);
    EXPECT_LE(made.achieved.l2, length * (1 + 1.0 / 16) + 1e-6);
    EXPECT_NEAR(made.achieved.std[0], made.scale * 0.25, 0.1 * made.scale * 0.25);
    EXPECT_LE(calls, 6);
  }
}

TEST(FlipGaussian, IsCensoredWhereNothingFlips) {
  const Tensor x = test::image({3, 8, 8}, 100, 155);
  const Tensor d = test::perturbation(x, 0.03F);
  const ControlledImage made =
      make_control(find_control("flip-gaussian"),
                   {.image = x, .perturbation = d, .flips = flips_from(x, 1e9)}, 1, "key", 0);
  EXPECT_FALSE(made.matched);
  EXPECT_EQ(made.scale, 1);
  EXPECT_THROW(make_control(find_control("flip-gaussian"), {x, d}, 1, "key", 0), ContractError);
}

TEST(Subcritical, IsTheAttackJustNotFlipping) {
  const Tensor x = test::image({3, 8, 8}, 100, 155);
  const Tensor d = test::perturbation(x, 0.03F);
  const double length = statistics(difference(d, Tensor(d.shape()))).l2;
  const ControlledImage made =
      make_control(find_control("subcritical"),
                   {.image = x, .perturbation = d, .flips = flips_from(x, 0.4 * length)}, 1, "key", 0);
  EXPECT_TRUE(made.matched);
  EXPECT_LT(made.scale, 0.4);
  EXPECT_GE(made.scale, 0.9 * 0.4 - 1e-6);
  for (std::int64_t i = 0; i < x.elements(); ++i)
    EXPECT_NEAR(static_cast<double>(made.image[i] - x[i]), made.scale * static_cast<double>(d[i]), 1e-7);
}

// Everything flips, 0.9 of the smallest that is tried too.
TEST(Subcritical, SaysSoWhereAWeakerShareFlipsToo) {
  const Tensor x = test::image({3, 8, 8}, 100, 155);
  const Tensor d = test::perturbation(x, 0.03F);
  const FlipTest always = [](std::span<const Tensor> images) {
    return std::vector<bool>(images.size(), true);
  };
  const ControlledImage made = make_control(find_control("subcritical"),
                                            {.image = x, .perturbation = d, .flips = always}, 1, "key", 0);
  EXPECT_FALSE(made.matched);
}

TEST(FlipGaussian, IsCensoredAtTheLargestStdAskedFor) {
  const Tensor x = test::image({3, 16, 16}, 100, 155);
  const Tensor d = test::perturbation(x, 0.03F);
  const ControlOptions options =
      control_options(control_settings("flip-gaussian").set_assignment("largest_std=1/32"));
  const ControlledImage made = make_control(
      find_control("flip-gaussian"),
      {.image = x, .perturbation = d, .options = options, .flips = flips_from(x, 1e9)}, 1, "key", 0);
  EXPECT_FALSE(made.matched);
  EXPECT_NEAR(made.achieved.std[0], 1.0 / 32, 0.1 / 32);
}

TEST(Subcritical, TakesTheShareAskedFor) {
  const Tensor x = test::image({3, 8, 8}, 100, 155);
  const Tensor d = test::perturbation(x, 0.03F);
  const double length = statistics(difference(d, Tensor(d.shape()))).l2;
  const auto scale = [&](std::string_view share) {
    const ControlOptions options = control_options(control_settings("subcritical").set("share", share));
    return make_control(
               find_control("subcritical"),
               {.image = x, .perturbation = d, .options = options, .flips = flips_from(x, 0.4 * length)}, 1,
               "key", 0)
        .scale;
  };
  EXPECT_NEAR(scale("0.5") / scale("0.9"), 0.5 / 0.9, 1e-12);
}

TEST(Controls, MatchTheMomentsAskedFor) {
  for (const std::string_view name : {"gaussian", "uniform"}) {
    EXPECT_EQ(control_options(control_settings(name)).moments, Moments::per_channel);
    EXPECT_EQ(control_options(control_settings(name).set("moments", "whole-image")).moments,
              Moments::whole_image);
  }
}

TEST(Catalogue, HasSoundTablesThatBeginWithDraws) {
  for (const ControlEntry& entry : control_catalogue()) {
    SCOPED_TRACE(entry.name);
    EXPECT_FALSE(entry.source.empty());
    ASSERT_FALSE(entry.parameters.empty());
    EXPECT_EQ(entry.parameters[0].name, "draws");
    faultline::test::expect_sound_parameters("control", entry.name, entry.parameters);
  }
}

TEST(Catalogue, HasTheDrawsOfTheMethodAndNamesWhatExists) {
  std::map<std::string_view, int> by_default;
  for (const ControlEntry& entry : control_catalogue()) {
    if (entry.by_default) by_default[entry.name] = control_settings(entry.name).integer("draws");
  }
  EXPECT_EQ(by_default,
            (std::map<std::string_view, int>{{"gaussian", 8}, {"shuffled", 2}, {"phase", 2}, {"boost", 1}}));
  faultline::test::expect_error(
      [] { find_control("gausian"); }, ErrorKind::usage,
      "unknown control 'gausian'; expected one of: gaussian, shuffled, phase, boost");
}

}  // namespace
}  // namespace faultline::control
