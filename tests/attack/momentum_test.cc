#include "attack/momentum_ascent.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "attack/catalogue.h"
#include "expect_error.h"
#include "networks.h"

namespace faultline::attack {
namespace {

std::vector<AttackedImage> run(std::string_view name, std::initializer_list<std::string_view> settings,
                               int images = 6, int max_batch = 16) {
  const test::Images pixels({images, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  AttackInput input = pixels.input();
  input.max_batch = max_batch;
  return make_attack(name, settings)->run(*plan, input, {});
}

void expect_same_images(const std::vector<AttackedImage>& a, const std::vector<AttackedImage>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_TRUE(std::ranges::equal(a[i].image.values(), b[i].image.values())) << i;
}

bool differ(const std::vector<AttackedImage>& a, const std::vector<AttackedImage>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!std::ranges::equal(a[i].image.values(), b[i].image.values())) return true;
  }
  return false;
}

TEST(Momentum, WithoutDecayIsBim) {
  expect_same_images(run("mi-fgsm", {"decay=0"}), run("bim", {}));
  expect_same_images(run("mi-fgsm", {"steps=1", "eps=8/255"}), run("fgsm", {"eps=8/255"}));
  EXPECT_TRUE(differ(run("mi-fgsm", {}), run("bim", {})));
}

TEST(Momentum, VariantsWithNothingAddedAreMiFgsm) {
  const auto mi = run("mi-fgsm", {"decay=0.8"});
  expect_same_images(run("di-fgsm", {"decay=0.8", "probability=0"}), mi);
  expect_same_images(run("di-fgsm", {"decay=0.8", "probability=1", "least_scale=1"}), mi);
  expect_same_images(run("ti-fgsm", {"decay=0.8", "kernel_size=1"}), mi);
  expect_same_images(run("vmi-fgsm", {"decay=0.8", "neighbours=0"}), mi);
  expect_same_images(run("vmi-fgsm", {"decay=0.8", "neighbours=3", "beta=0"}), mi);
  expect_same_images(run("ni-fgsm", {"decay=0"}), run("bim", {}));
}

TEST(Momentum, VariantsDoWhatTheyAdd) {
  const auto mi = run("mi-fgsm", {});
  EXPECT_TRUE(differ(run("ni-fgsm", {}), mi));
  EXPECT_TRUE(differ(run("di-fgsm", {}), mi));
  EXPECT_TRUE(differ(run("ti-fgsm", {"kernel_size=3"}), mi));
  EXPECT_TRUE(differ(run("vmi-fgsm", {"neighbours=3"}), mi));
}

TEST(Momentum, ResultsDependOnNoBatchAndStayInTheBall) {
  const auto expect_pure = [](const char* name, std::initializer_list<std::string_view> settings) {
    SCOPED_TRACE(name);
    const auto whole = run(name, settings, 7);
    expect_same_images(run(name, settings, 7, 2), whole);
    for (const AttackedImage& result : whole) {
      EXPECT_LE(result.linf, static_cast<double>(3.0F / 255));
      EXPECT_GE(*std::ranges::min_element(result.image.values()), 0);
      EXPECT_LE(*std::ranges::max_element(result.image.values()), 1);
    }
  };
  expect_pure("rfgsm", {"eps=3/255"});
  for (const char* name : {"mi-fgsm", "ni-fgsm", "di-fgsm", "ti-fgsm", "vmi-fgsm"}) {
    expect_pure(name, {"eps=3/255", "steps=4"});
    expect_pure(name, {"eps=3/255", "steps=4", "early_stop=on"});
  }
}

TEST(Momentum, CostsWhatItSays) {
  for (const char* name : {"rfgsm", "pgd-l2", "mi-fgsm", "ni-fgsm", "di-fgsm", "ti-fgsm", "vmi-fgsm"}) {
    SCOPED_TRACE(name);
    const PassCount cost = make_attack(name, {"goal=boost"})->cost();  // which takes every step
    for (const AttackedImage& result : run(name, {"goal=boost"}, 2)) {
      EXPECT_EQ(result.forward_passes, cost.forward);
      EXPECT_EQ(result.backward_passes, cost.backward);
    }
  }
  EXPECT_EQ(make_attack("vmi-fgsm", {"steps=3", "neighbours=5"})->cost().backward, 13);
  EXPECT_EQ(make_attack("ni-fgsm", {"steps=3"})->cost().forward, 6);
}

// z_0 - z_1 = w x: the corner of the ball, or the point of the sphere along w, whatever the path.
TEST(Momentum, OfALinearClassifierEndsWhereTheStrongestPerturbationIs) {
  const Tensor w = test::random_tensor({48}, "w", 1);
  Tensor weights({2, 48});
  Tensor x({1, 3, 4, 4});
  for (std::int64_t i = 0; i < 48; ++i) {
    weights[i] = w[i];
    x[i] = w[i] > 0 ? 0.6F : 0.4F;
  }
  const auto plan = test::compile(test::linear_network({3, 4, 4}, weights));
  const std::vector<std::string> keys = {"a"};
  const auto attacked = [&](std::string_view name, std::initializer_list<std::string_view> settings) {
    return std::move(make_attack(name, settings)->run(*plan, {.images = x, .keys = keys, .seed = 1}, {})[0]);
  };
  const Tensor corner = attacked("fgsm", {"eps=0.0625"}).image;
  for (const char* name : {"mi-fgsm", "ni-fgsm", "vmi-fgsm"}) {
    const AttackedImage result = attacked(name, {"eps=0.0625", "step_size=0.0125"});
    for (std::int64_t i = 0; i < 48; ++i) EXPECT_NEAR(result.image[i], corner[i], 1e-7) << name;
  }
  double length = 0;
  for (const float v : w.values()) length += static_cast<double>(v) * static_cast<double>(v);
  const AttackedImage l2 = attacked("pgd-l2", {"eps=0.25", "steps=40", "step_size=0.25"});
  for (std::int64_t i = 0; i < 48; ++i) {
    const double expected = static_cast<double>(x[i]) - 0.25 * static_cast<double>(w[i]) / std::sqrt(length);
    EXPECT_NEAR(static_cast<double>(l2.image[i]), expected, 1e-5);
  }
}

TEST(Rfgsm, WithoutARandomStepIsFgsm) {
  expect_same_images(run("rfgsm", {"alpha=0"}), run("fgsm", {}));
  expect_same_images(run("rfgsm", {"alpha=0", "norm=l2", "eps=0.3"}), run("fgsm", {"norm=l2", "eps=0.3"}));
  EXPECT_TRUE(differ(run("rfgsm", {}), run("fgsm", {})));
}

TEST(PgdL2, IsPgdWithThatNorm) {
  const auto fixed = run("pgd-l2", {"eps=0.5", "random_start=off"});
  expect_same_images(fixed, run("pgd", {"norm=l2", "eps=0.5", "random_start=off"}));
  for (const AttackedImage& result : run("pgd-l2", {"eps=0.5"})) EXPECT_LE(result.l2, 0.5);
}

TEST(Momentum, ParametersThatDoNotFitAreRefused) {
  faultline::test::expect_error([] { make_attack("ti-fgsm", {"kernel_size=4"}); }, ErrorKind::usage,
                                "attack ti-fgsm: kernel_size: got '4', expected an odd number");
  faultline::test::expect_error([] { make_attack("rfgsm", {"alpha=5/255"}); }, ErrorKind::usage,
                                "attack rfgsm: alpha: got '5/255', expected at most eps");
  faultline::test::expect_error([] { make_attack("ni-fgsm", {"norm=l2"}); }, ErrorKind::usage,
                                "attack ni-fgsm: no parameter 'norm'");
}

}  // namespace
}  // namespace faultline::attack
