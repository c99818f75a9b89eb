#include "heatmap/grad_cam.h"

#include "heatmap/rectified.h"

namespace faultline::heatmap {

DoubleTensor grad_cam(const engine::Observation& layer) {
  require(layer.seeds() == layer.rows(), "grad_cam: one seed for each row");
  DoubleTensor weights = layer.position_sum(engine::Term::gradient);
  const std::int64_t positions = layer.sample_shape().elements() / weights.shape()[1];
  for (double& weight : weights.values()) weight /= static_cast<double>(positions);
  return rectified(layer.weighted_map(engine::Term::activation, weights));
}

}  // namespace faultline::heatmap
