#include "heatmap/grad_cam_plus_plus.h"

#include "heatmap/rectified.h"

namespace faultline::heatmap {

DoubleTensor grad_cam_plus_plus(const engine::Observation& layer) {
  require(layer.seeds() == layer.rows(), "grad_cam_plus_plus: one seed for each row");
  const DoubleTensor weights = layer.position_sum(engine::Term::damped_positive_gradient);
  return rectified(layer.weighted_map(engine::Term::activation, weights));
}

}  // namespace faultline::heatmap
