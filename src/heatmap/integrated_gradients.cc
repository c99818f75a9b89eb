#include "heatmap/integrated_gradients.h"

#include "heatmap/accumulated.h"

namespace faultline::heatmap {

DoubleTensor integrated_gradients(engine::Plan& plan, const Question& question,
                                  const IntegratedGradientsOptions& options) {
  const TensorView x = question.image;
  DoubleTensor result = mean_gradient(plan, question, options.steps, [&](int i, MutableTensorView image) {
    const double share = (i + 0.5) / options.steps;
    for (std::int64_t p = 0; p < image.elements(); ++p)
      image[p] = static_cast<float>(options.baseline + share * (double{x[p]} - options.baseline));
  });
  for (std::int64_t p = 0; p < result.elements(); ++p) result[p] *= double{x[p]} - options.baseline;
  return result;
}

}  // namespace faultline::heatmap
