#include "control/match.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace faultline::control {

namespace {

// Far below the tolerance, so that controls of one image differ in nothing but their direction.
constexpr double kWantedPrecision = 1e-6;
constexpr int kBisections = 60;

float moved(float x, double d) {
  return static_cast<float>(std::clamp(static_cast<double>(x) + d, 0.0, 1.0));
}

double length_at(TensorView image, DoubleTensorView noise, double scale) {
  double squares = 0;
  const std::int64_t elements = image.elements();
  for (std::int64_t i = 0; i < elements; ++i) {
    const double d = static_cast<double>(moved(image[i], scale * noise[i])) - static_cast<double>(image[i]);
    squares += d * d;
  }
  return std::sqrt(squares);
}

double find_scale(TensorView image, DoubleTensorView noise, double length) {
  if (length == 0) return 0;
  const auto fits = [&](double reached) { return std::abs(reached - length) <= kWantedPrecision * length; };
  double low = 0;
  double high = 1;
  double reached = length_at(image, noise, high);
  while (reached < length && !fits(reached) && high < kLargestScale) {
    low = high;
    high *= 2;
    reached = length_at(image, noise, high);
  }
  if (fits(reached) || reached < length) return high;
  double middle = high;
  for (int i = 0; i < kBisections && !fits(reached); ++i) {
    middle = low + (high - low) / 2;
    reached = length_at(image, noise, middle);
    (reached < length ? low : high) = middle;
  }
  return middle;
}

}  // namespace

Match match_length(TensorView image, DoubleTensorView noise, double length) {
  require(image.shape() == noise.shape(), "control::match_length: image and noise differ in shape");
  require(length >= 0, "control::match_length: negative length");
  Match result;
  result.scale = find_scale(image, noise, length);
  result.image = Tensor::uninitialised(image.shape());
  for (std::int64_t i = 0; i < image.elements(); ++i) {
    result.image[i] = moved(image[i], result.scale * noise[i]);
  }
  const double reached = length_at(image, noise, result.scale);
  result.matched = std::abs(reached - length) <= kLengthTolerance * length;
  return result;
}

}  // namespace faultline::control
