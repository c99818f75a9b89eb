#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "attack/gaussian_kernel.h"
#include "attack/gradient_sum.h"
#include "attack/resize_pad.h"
#include "networks.h"

namespace faultline::attack {
namespace {

double dot(TensorView a, TensorView b) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.elements(); ++i)
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

TEST(ResizePad, HalvesByAveragingAndPadsWithZeros) {
  Tensor image({1, 4, 4});
  for (std::int64_t i = 0; i < 16; ++i) image[i] = static_cast<float>(i);
  Tensor result({1, 4, 4});
  apply({.height = 2, .width = 2, .top = 1, .left = 2}, image, result);
  const std::vector<float> expected = {0, 0, 0, 0, 0, 0, 2.5F, 4.5F, 0, 0, 10.5F, 12.5F, 0, 0, 0, 0};
  EXPECT_TRUE(std::ranges::equal(result.values(), expected));
}

TEST(ResizePad, OfTheOldSizeChangesNothing) {
  const Tensor image = test::random_tensor({3, 5, 6}, "image", 1);
  Tensor result({3, 5, 6});
  apply({.height = 5, .width = 6}, image, result);
  EXPECT_TRUE(std::ranges::equal(result.values(), image.values()));
}

TEST(ResizePad, TransposedIsTheTransposedMap) {
  for (int i = 0; i < 20; ++i) {
    const RandomStream stream(5, std::to_string(i));
    const ResizePad map = random_resize_pad({2, 7, 9}, 0.3, stream);
    EXPECT_GE(map.height, 2);
    EXPECT_GE(map.width, 2);
    EXPECT_LE(map.height + map.top, 7);
    EXPECT_LE(map.width + map.left, 9);
    const Tensor x = test::random_tensor({2, 7, 9}, "x" + std::to_string(i), 1);
    const Tensor g = test::random_tensor({2, 7, 9}, "g" + std::to_string(i), 1);
    Tensor mapped({2, 7, 9});
    Tensor back({2, 7, 9});
    apply(map, x, mapped);
    apply_transposed(map, g, back);
    EXPECT_NEAR(dot(mapped, g), dot(x, back), 1e-5);
  }
}

TEST(GaussianKernel, IsSymmetricWithSumOneAndTheRightShape) {
  const std::vector<double> kernel = gaussian_kernel(5, 2);
  EXPECT_NEAR(std::accumulate(kernel.begin(), kernel.end(), 0.0), 1, 1e-15);
  EXPECT_DOUBLE_EQ(kernel[0], kernel[4]);
  EXPECT_NEAR(kernel[1] / kernel[2], std::exp(-0.5), 1e-15);
  EXPECT_NEAR(kernel[0] / kernel[2], std::exp(-2.0), 1e-15);
  EXPECT_EQ(gaussian_kernel(1, 3), std::vector<double>{1});
}

TEST(Smooth, SpreadsAPointOverTheKernelAndLosesWhatLeavesTheImage) {
  const std::vector<double> kernel = {0.25, 0.5, 0.25};
  Tensor values({1, 3, 4});
  values[0] = 1;
  smooth(kernel, values);
  const std::vector<float> expected = {0.25F, 0.125F, 0, 0, 0.125F, 0.0625F, 0, 0, 0, 0, 0, 0};
  EXPECT_TRUE(std::ranges::equal(values.values(), expected));
}

TEST(GradientSum, KeepsWhatMattersWhateverTheScales) {
  const Tensor a = test::random_tensor({4}, "a", 1);
  const Tensor b = test::random_tensor({4}, "b", 1);
  GradientSum sum(4);
  sum.add(2, a, -2000);
  sum.add(1, b, -2000 + std::log(3.0));
  sum.add(1, a, -1e9);  // vanishes beside the others
  for (std::int64_t i = 0; i < 4; ++i) {
    const double expected = (2 * static_cast<double>(a[i]) + 3 * static_cast<double>(b[i])) / 3;
    EXPECT_NEAR(sum.values()[static_cast<std::size_t>(i)], expected, 1e-12);
  }
  GradientSum other(4);
  other.add(-1, sum);
  other.add(1, sum);
  for (const double value : other.values()) EXPECT_EQ(value, 0);
}

TEST(LogSlope, IsWhatTheDirectionWasDividedBy) {
  const Objective objective{};
  const std::vector<double> sure = {60, 0, 0};
  const Verdict verdict = judge(objective, sure, {.label = 0});
  EXPECT_NEAR(log_slope(objective, verdict), std::log(2.0) - 60, 1e-9);
  EXPECT_EQ(log_slope({.loss = Loss::margin}, verdict), 0);
  EXPECT_THROW(log_slope({.loss = Loss::dlr}, verdict), ContractError);
}

}  // namespace
}  // namespace faultline::attack
