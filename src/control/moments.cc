#include "control/moments.h"

#include <cmath>
#include <vector>

#include "base/error.h"

namespace faultline::control {

namespace {

void match_values(std::span<const float> perturbation, std::span<double> noise) {
  const std::vector<double> wanted_values(perturbation.begin(), perturbation.end());
  const MeanAndStd wanted = mean_and_std(wanted_values);
  const MeanAndStd drawn = mean_and_std(noise);
  const double scale = drawn.std > 0 ? wanted.std / drawn.std : 0;
  for (double& n : noise) n = wanted.mean + scale * (n - drawn.mean);
}

}  // namespace

MeanAndStd mean_and_std(std::span<const double> values) {
  if (values.empty()) return {};
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double v : values) sum += v;
  const double mean = sum / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {mean, std::sqrt(squares / n)};
}

void match_moments(TensorView perturbation, Moments moments, MutableDoubleTensorView noise) {
  require(perturbation.shape() == noise.shape() && noise.shape().rank() == 3,
          "control::match_moments: perturbation and noise must be [C,H,W] alike");
  if (moments == Moments::whole_image) {
    match_values(perturbation.values(), noise.values());
    return;
  }
  for (std::int64_t c = 0; c < noise.shape()[0]; ++c) {
    match_values(perturbation.row(c).values(), noise.row(c).values());
  }
}

}  // namespace faultline::control
