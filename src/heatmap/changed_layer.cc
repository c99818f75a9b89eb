#include "heatmap/changed_layer.h"

#include <algorithm>

#include "heatmap/rectified.h"

namespace faultline::heatmap {

std::vector<double> changed_scores(const ChangedLayer& of, net::NodeId from, std::int64_t count,
                                   const std::function<engine::Intervention(std::int64_t)>& change) {
  require(of.pass.rows() == 1 && of.max_batch > 0, "changed_scores: a pass of one row");
  std::vector<double> scores;
  for (std::int64_t first = 0; first < count; first += of.max_batch) {
    const auto rows = static_cast<int>(std::min<std::int64_t>(of.max_batch, count - first));
    std::vector<engine::Intervention> changes;
    for (int row = 0; row < rows; ++row) changes.emplace_back(change(first + row)).row = row;
    const std::vector<int> base_rows(static_cast<std::size_t>(rows), 0);
    const auto changed = of.plan.resume(of.pass, from, base_rows, changes);
    const std::vector<double> found = of.score.values(changed->logits(), of.classes);
    scores.insert(scores.end(), found.begin(), found.end());
  }
  return scores;
}

DoubleTensor weighted_activation(const ChangedLayer& of, const std::vector<double>& weights) {
  const DoubleTensor row(Shape{1, std::ssize(weights)}, weights);
  DoubleTensor map = rectified(of.pass.observe(of.layer).weighted_map(engine::Term::activation, row));
  map.reshape(map.shape().without_leading());
  return map;
}

}  // namespace faultline::heatmap
