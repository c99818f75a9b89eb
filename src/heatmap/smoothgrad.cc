#include "heatmap/smoothgrad.h"

#include <string>

#include "base/philox.h"
#include "heatmap/accumulated.h"

namespace faultline::heatmap {

DoubleTensor smoothgrad(engine::Plan& plan, const Question& question, const SmoothgradOptions& options) {
  return mean_gradient(plan, question, options.samples, [&](int i, MutableTensorView image) {
    const RandomStream noise(question.seed,
                             std::string(question.key) + "/smoothgrad/sample=" + std::to_string(i));
    for (std::int64_t p = 0; p < image.elements(); ++p)
      image[p] = static_cast<float>(double{question.image[p]} +
                                    options.sigma * noise.normal(static_cast<std::uint64_t>(p)));
  });
}

}  // namespace faultline::heatmap
