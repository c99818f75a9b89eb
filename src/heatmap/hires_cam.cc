#include "heatmap/hires_cam.h"

#include "heatmap/rectified.h"

namespace faultline::heatmap {

DoubleTensor hires_cam(const engine::Observation& layer) {
  return rectified(layer.channel_sum(engine::Term::gradient_activation));
}

}  // namespace faultline::heatmap
