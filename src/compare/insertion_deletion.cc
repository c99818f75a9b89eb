#include "compare/insertion_deletion.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "compare/class_probability.h"
#include "compare/relevance_order.h"

namespace faultline::compare {

namespace {

// From one image to another, pixel by pixel.
ExchangeCurve exchange(engine::Plan& plan, TensorView from, TensorView to, TensorView relevance,
                       int class_index, int steps) {
  require(from.shape().rank() == 3 && from.shape() == to.shape(),
          "exchange curve: images must be [3,H,W] alike");
  require(relevance.shape() == from.shape().without_leading(),
          "exchange curve: the map must have the image's size");
  require(steps >= 1, "exchange curve: at least one step");
  const std::vector<std::int64_t> order = relevance_order(relevance);
  const std::int64_t pixels = relevance.elements();
  Tensor present(from);
  std::int64_t exchanged = 0;
  ExchangeCurve curve;
  curve.probabilities = class_probabilities(
      plan, from.shape(), class_index, steps + 1, [&](std::int64_t i, MutableTensorView version) {
        for (; exchanged < pixels * i / steps; ++exchanged) {
          const std::int64_t pixel = order[static_cast<std::size_t>(exchanged)];
          for (std::int64_t c = 0; c < from.shape()[0]; ++c)
            present[c * pixels + pixel] = to[c * pixels + pixel];
        }
        std::ranges::copy(present.values(), version.data());
      });
  for (int i = 0; i <= steps; ++i) {
    const std::int64_t by_now = pixels * i / steps;
    curve.shares.push_back(static_cast<double>(by_now) / static_cast<double>(pixels));
    if (i == 0) continue;
    const auto at = static_cast<std::size_t>(i);
    curve.area += (curve.shares[at] - curve.shares[at - 1]) *
                  (curve.probabilities[at] + curve.probabilities[at - 1]) / 2;
  }
  return curve;
}

std::vector<double> gaussian_kernel(const BlurOptions& options) {
  std::vector<double> kernel;
  double sum = 0;
  for (int i = 0; i < options.size; ++i) {
    const int offset = i - options.size / 2;
    const double deviations = offset / options.sigma;
    kernel.push_back(std::exp(-deviations * deviations / 2));
    sum += kernel.back();
  }
  for (double& k : kernel) k /= sum;
  return kernel;
}

// Along one axis of an image [3,H,W]: `extent` values, `stride` apart.
DoubleTensor blur_axis(const DoubleTensor& image, std::span<const double> kernel, std::int64_t extent,
                       std::int64_t stride) {
  DoubleTensor result(image.shape());
  for (std::int64_t i = 0; i < image.elements(); ++i) {
    const std::int64_t place = i / stride % extent;
    std::int64_t from = place - std::ssize(kernel) / 2;
    for (const double weight : kernel) {
      const std::int64_t other = std::clamp<std::int64_t>(from++, 0, extent - 1);
      result[i] += weight * image[i + (other - place) * stride];
    }
  }
  return result;
}

}  // namespace

ExchangeCurve deletion_curve(engine::Plan& plan, TensorView image, TensorView relevance, int class_index,
                             TensorView baseline, int steps) {
  return exchange(plan, image, baseline, relevance, class_index, steps);
}

ExchangeCurve insertion_curve(engine::Plan& plan, TensorView image, TensorView relevance, int class_index,
                              TensorView baseline, int steps) {
  return exchange(plan, baseline, image, relevance, class_index, steps);
}

Tensor neutral_baseline(const net::Graph& graph, const Shape& image_shape) {
  Tensor baseline(image_shape);
  const std::int64_t pixels = image_shape.without_leading().elements();
  for (const net::Node& node : graph.nodes()) {
    const auto* normalize = std::get_if<net::Normalize>(&node.op);
    if (normalize == nullptr) continue;
    // Output channel k is (scale v - mean[k]) / std[k], v of image channel source[k].
    for (std::int64_t k = 0; k < image_shape[0]; ++k) {
      const std::int64_t channel = normalize->source[static_cast<std::size_t>(k)];
      const float value =
          std::clamp(normalize->mean[static_cast<std::size_t>(k)] / normalize->scale, 0.0F, 1.0F);
      std::fill_n(baseline.data() + channel * pixels, pixels, value);
    }
  }
  return baseline;
}

Tensor blurred_baseline(TensorView image, const BlurOptions& options) {
  const Shape& shape = image.shape();
  require(shape.rank() == 3, "blurred_baseline: expected an image [3,H,W]");
  require(options.size >= 1 && options.size % 2 == 1 && options.sigma > 0,
          "blurred_baseline: an odd size and a positive sigma");
  const std::vector<double> kernel = gaussian_kernel(options);
  DoubleTensor exact(shape);
  std::ranges::copy(image.values(), exact.data());
  const DoubleTensor blurred = blur_axis(blur_axis(exact, kernel, shape[2], 1), kernel, shape[1], shape[2]);
  Tensor result(shape);
  for (std::int64_t i = 0; i < result.elements(); ++i) result[i] = static_cast<float>(blurred[i]);
  return result;
}

}  // namespace faultline::compare
