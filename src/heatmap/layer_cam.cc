#include "heatmap/layer_cam.h"

#include "heatmap/rectified.h"

namespace faultline::heatmap {

DoubleTensor layer_cam(const engine::Observation& layer) {
  return rectified(layer.channel_sum(engine::Term::positive_gradient_activation));
}

}  // namespace faultline::heatmap
