#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "control/fourier.h"
#include "control/gaussian.h"
#include "control/images.h"
#include "control/phase.h"
#include "control/shuffled.h"
#include "control/sign.h"
#include "control/statistics.h"
#include "control/uniform.h"

namespace faultline::control {
namespace {

struct Case {
  Tensor x;
  Tensor d;
  ControlInput input(Moments moments = Moments::per_channel) const { return {x, d, {.moments = moments}}; }
};

Case make_case(const Shape& shape) {
  Case result{test::image(shape, 20, 235), {}};
  result.d = test::perturbation(result.x, 0.03F);
  return result;
}

Statistics statistics_of(const Tensor& d) {
  return statistics(difference(d, Tensor(d.shape())));
}

// The moments are those of the sample, not of the distribution: to rounding.
TEST(Noise, HasThePerturbationsMomentsInEachChannel) {
  const Case given = make_case({3, 9, 14});
  const Statistics wanted = statistics_of(given.d);
  ASSERT_GT(std::abs(wanted.mean[0] - wanted.mean[2]), 1e-3);
  for (const NoiseFunction noise : {&gaussian, &uniform, &shuffled, &phase}) {
    const Statistics drawn = statistics(noise(given.input(), RandomStream(1, "a")));
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(drawn.mean[c], wanted.mean[c], 1e-15);
      EXPECT_NEAR(drawn.std[c], wanted.std[c], 1e-15);
    }
    EXPECT_NEAR(drawn.l2, wanted.l2, 1e-14);
  }
}

TEST(Noise, OverTheImageMatchesTheWholeOnly) {
  const Case given = make_case({3, 9, 14});
  const DoubleTensor d = difference(given.d, Tensor(given.d.shape()));
  for (const NoiseFunction noise : {&gaussian, &uniform}) {
    const DoubleTensor drawn = noise(given.input(Moments::whole_image), RandomStream(1, "a"));
    EXPECT_NEAR(mean_and_std(drawn.values()).mean, mean_and_std(d.values()).mean, 1e-15);
    EXPECT_NEAR(mean_and_std(drawn.values()).std, mean_and_std(d.values()).std, 1e-15);
    EXPECT_GT(std::abs(statistics(drawn).mean[2] - statistics(d).mean[2]), 1e-3);
  }
}

TEST(Noise, GaussianHasNormalTailsAndUniformHasNone) {
  const Case given = make_case({1, 100, 100});
  const auto largest = [&](NoiseFunction noise) {
    const Statistics s = statistics(noise(given.input(), RandomStream(2, "a")));
    return s.linf / s.std[0];
  };
  EXPECT_GT(largest(&gaussian), 3);
  EXPECT_LT(largest(&uniform),
            std::sqrt(3.0) + std::abs(statistics_of(given.d).mean[0]) / statistics_of(given.d).std[0] + 0.1);
}

TEST(Shuffled, MovesPixelsWholeAndLosesNone) {
  const Case given = make_case({3, 5, 7});
  const DoubleTensor noise = shuffled(given.input(), RandomStream(1, "a"));
  std::multiset<std::array<double, 3>> before, after;
  int moved = 0;
  for (std::int64_t p = 0; p < 35; ++p) {
    const auto value = [&](std::int64_t c) { return static_cast<double>(given.d[c * 35 + p]); };
    before.insert({value(0), value(1), value(2)});
    after.insert({noise[p], noise[35 + p], noise[70 + p]});
    moved += noise[p] != value(0) || noise[35 + p] != value(1) ? 1 : 0;
  }
  EXPECT_EQ(before, after);
  EXPECT_GT(moved, 8);
}

// Three pixels have six orders; each comes up equally often.
TEST(Shuffled, EveryPermutationIsEquallyLikely) {
  const Tensor d({1, 1, 3}, {1.0F, 2.0F, 3.0F});
  std::map<int, int> counts;
  for (int i = 0; i < 6000; ++i) {
    const DoubleTensor n = shuffled({d, d}, RandomStream(1, std::to_string(i)));
    ++counts[static_cast<int>(100 * n[0] + 10 * n[1] + n[2])];
  }
  ASSERT_EQ(counts.size(), 6U);
  double chi_squared = 0;
  for (const auto& [order, count] : counts) chi_squared += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_squared, 20.5);  // 99.9 % point of chi-squared with 5 degrees of freedom
}

TEST(Sign, KeepsEverySizeAndAboutHalfTheSigns) {
  const Case given = make_case({3, 20, 20});
  const DoubleTensor noise = sign(given.input(), RandomStream(1, "a"));
  int kept = 0;
  for (std::int64_t i = 0; i < noise.elements(); ++i) {
    const auto d = static_cast<double>(given.d[i]);
    EXPECT_EQ(std::abs(noise[i]), std::abs(d));
    kept += noise[i] == d ? 1 : 0;
  }
  EXPECT_NEAR(kept, 600, 5 * std::sqrt(300.0));
}

ComplexField spectrum_of(BasicTensorView<const double> channel) {
  ComplexField field(channel.shape()[0], channel.shape()[1]);
  std::copy_n(channel.data(), channel.elements(), field.values.begin());
  transform(field);
  return field;
}

// Even and odd extents, and the prime 227 of AlexNet and SqueezeNet.
TEST(Phase, KeepsThePowerSpectrumAndItsRelationBetweenChannels) {
  for (const Shape& shape : {Shape{3, 8, 6}, Shape{3, 7, 5}, Shape{2, 8, 227}, Shape{2, 1, 4}}) {
    const Case given = make_case(shape);
    const DoubleTensor d = difference(given.d, Tensor(shape));
    const DoubleTensor noise = phase(given.input(), RandomStream(1, "a"));
    const ComplexField d0 = spectrum_of(d.row(0)), d1 = spectrum_of(d.row(1));
    const ComplexField n0 = spectrum_of(noise.row(0)), n1 = spectrum_of(noise.row(1));
    double turned = 0;
    for (std::size_t i = 0; i < d0.values.size(); ++i) {
      EXPECT_NEAR(std::abs(n0.values[i]), std::abs(d0.values[i]), 1e-13);
      EXPECT_LT(std::abs(n0.values[i] * std::conj(n1.values[i]) - d0.values[i] * std::conj(d1.values[i])),
                1e-13);
      turned = std::max(turned, std::abs(n0.values[i] - d0.values[i]));
    }
    EXPECT_LT(std::abs(n0.values[0] - d0.values[0]), 1e-13);  // the mean, with its sign
    EXPECT_GT(turned, 1e-3) << shape.to_string();
  }
}

}  // namespace
}  // namespace faultline::control
