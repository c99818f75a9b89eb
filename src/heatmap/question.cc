#include "heatmap/question.h"

#include "tensor/argmax.h"

namespace faultline::heatmap {

void fix_classes(const DoubleTensor& logits, Score& score, ClassPair& classes) {
  if (score.seeds != own_score) return;
  require(logits.shape().rank() == 2 && logits.shape()[0] == 1, "fix_classes: logits [1,K]");
  classes.clean_class = argmax(logits.row(0).values());
  score = heatmap::score("class");
}

}  // namespace faultline::heatmap
