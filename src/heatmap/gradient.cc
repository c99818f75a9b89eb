#include "heatmap/gradient.h"

#include <algorithm>

namespace faultline::heatmap {

DoubleTensor image_gradients(engine::Plan& plan, TensorView images, const Score& score,
                             const ClassPair& classes, std::span<const engine::GradientRule> rules) {
  const auto pass = plan.forward(images);
  DoubleTensor gradients(images.shape());
  const net::NodeId input = plan.graph().input();
  const auto keep = [&](const engine::Observation& at) {
    for (int row = 0; row < pass->rows(); ++row) {
      const DoubleTensor of_row = at.read_gradient(row);
      std::copy_n(of_row.data(), of_row.elements(), gradients.row(row).data());
    }
  };
  plan.backward(*pass, score.seeds(pass->logits(), classes), {&input, 1}, keep, {}, rules);
  return gradients;
}

DoubleTensor gradient(engine::Plan& plan, const Question& question) {
  return DoubleTensor(image_gradients(plan, question.image, question.score, question.classes).row(0));
}

DoubleTensor input_x_gradient(engine::Plan& plan, const Question& question) {
  DoubleTensor product = gradient(plan, question);
  for (std::int64_t i = 0; i < product.elements(); ++i) product[i] *= double{question.image[i]};
  return product;
}

}  // namespace faultline::heatmap
