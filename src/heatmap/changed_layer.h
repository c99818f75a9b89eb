#pragma once

#include <functional>
#include <vector>

#include "heatmap/question.h"

namespace faultline::heatmap {

// A layer whose heatmap is made by changing its value, or another node's, and running on from there.
struct ChangedLayer {
  engine::Plan& plan;
  const engine::Pass& pass;  // of one row: the image's own
  net::NodeId layer;         // observed
  Score score;               // of fixed classes
  ClassPair classes;
  int max_batch = 16;

  double own_score() const { return score.values(pass.logits(), classes).front(); }
};

// The scores of `count` changed runs, each resumed from `from`. change(i) gives the i-th run's intervention,
// whose row is set here. Costs count runs of what depends on `from`.
std::vector<double> changed_scores(const ChangedLayer& of, net::NodeId from, std::int64_t count,
                                   const std::function<engine::Intervention(std::int64_t)>& change);

// relu(sum_k weights[k] A[k]) -> [h,w] of the layer's activation.
DoubleTensor weighted_activation(const ChangedLayer& of, const std::vector<double>& weights);

}  // namespace faultline::heatmap
