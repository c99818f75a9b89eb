#include "heatmap/accumulated.h"

#include <algorithm>

#include "heatmap/gradient.h"

namespace faultline::heatmap {

DoubleTensor mean_gradient(engine::Plan& plan, const Question& question, int count,
                           const std::function<void(int i, MutableTensorView image)>& write) {
  require(count > 0 && question.max_batch > 0, "mean_gradient: at least one image in a batch");
  Score score = question.score;
  ClassPair classes = question.classes;
  if (score.seeds == own_score) fix_classes(plan.forward(question.image)->logits(), score, classes);
  DoubleTensor total(question.image.shape().without_leading());
  for (int first = 0; first < count; first += question.max_batch) {
    const int rows = std::min(question.max_batch, count - first);
    Tensor images(question.image.shape().with_leading(rows));
    for (int row = 0; row < rows; ++row) write(first + row, images.row(row));
    const DoubleTensor gradients = image_gradients(plan, images, score, classes);
    for (std::int64_t i = 0; i < gradients.elements(); ++i) total[i % total.elements()] += gradients[i];
  }
  for (double& value : total.values()) value /= count;
  return total;
}

}  // namespace faultline::heatmap
