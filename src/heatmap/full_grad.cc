#include "heatmap/full_grad.h"

#include <algorithm>
#include <cmath>

#include "heatmap/upsample.h"

namespace faultline::heatmap {
namespace {

constexpr double kLeastRange = 1e-6;

// Adds psi of values [C,h,w] to map [1,H,W].
void add_psi(DoubleTensor values, DoubleTensor& map) {
  for (double& value : values.values()) value = std::abs(value);
  const double least = *std::ranges::min_element(values.values());
  const double range = *std::ranges::max_element(values.values()) - least + kLeastRange;
  DoubleTensor sum(values.row(0).shape());
  for (std::int64_t i = 0; i < values.elements(); ++i) sum[i % sum.elements()] += (values[i] - least) / range;
  const DoubleTensor large = upsample(sum, map.shape()[1], map.shape()[2]);
  for (std::int64_t i = 0; i < map.elements(); ++i) map[i] += large[i];
}

}  // namespace

DoubleTensor full_grad(engine::Plan& plan, const Question& question) {
  FullGradient gradient = full_gradient(plan, question);
  const Shape& image = gradient.input.shape();
  require(image.rank() == 3, "full_grad: images [3,H,W]");
  DoubleTensor map(Shape{1, image[1], image[2]});
  add_psi(std::move(gradient.input), map);
  for (FullGradient::Term& term : gradient.biases) {
    if (term.values.shape().rank() == 3) add_psi(std::move(term.values), map);
  }
  return map;
}

}  // namespace faultline::heatmap
