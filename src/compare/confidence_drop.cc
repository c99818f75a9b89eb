#include "compare/confidence_drop.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "compare/class_probability.h"

namespace faultline::compare {

double ConfidenceDrop::drop() const {
  return clean > 0 ? std::max(0.0, clean - masked) / clean : 0;
}

ConfidenceDrop confidence_drop(engine::Plan& plan, TensorView image, TensorView relevance, int class_index) {
  require(image.shape().rank() == 3 && relevance.shape() == image.shape().without_leading(),
          "confidence_drop: the map must have the image's size");
  const auto [least, largest] = std::ranges::minmax(relevance.values());
  const std::int64_t pixels = relevance.elements();
  const auto mask = [&, low = least, high = largest](std::int64_t pixel) {
    if (low == high) return high > 0 ? 1.0F : 0.0F;
    return (relevance[pixel] - low) / (high - low);
  };
  const std::vector<double> probabilities = class_probabilities(
      plan, image.shape(), class_index, 2, [&](std::int64_t i, MutableTensorView version) {
        for (std::int64_t k = 0; k < image.elements(); ++k)
          version[k] = i == 0 ? image[k] : image[k] * mask(k % pixels);
      });
  return {probabilities[0], probabilities[1]};
}

}  // namespace faultline::compare
