#include "heatmap/catalogue.h"

#include <array>

#include "base/named.h"
#include "heatmap/grad_cam.h"
#include "heatmap/grad_cam_plus_plus.h"
#include "heatmap/hires_cam.h"
#include "heatmap/layer_cam.h"

namespace faultline::heatmap {

std::span<const HeatmapMethod> heatmap_methods() {
  static constexpr std::array kMethods = {
      HeatmapMethod{"layercam", "activations weighted cell by cell by their positive gradients", kLayerCam},
      HeatmapMethod{"hirescam", "activations weighted cell by cell by their gradients", kHiResCam},
      HeatmapMethod{"gradcam", "channels weighted by their mean gradient", kGradCam},
      HeatmapMethod{"gradcam++", "channels weighted by a damped sum of their positive gradients",
                    kGradCamPlusPlus},
  };
  return kMethods;
}

DoubleTensor HeatmapMethod::map(const engine::Observation& layer) const {
  return std::move(channel_sums(layer, {&formula, 1}).front());
}

std::vector<DoubleTensor> heatmaps(const engine::Observation& layer, std::span<const HeatmapMethod> methods) {
  std::vector<ChannelSum> formulas;
  for (const HeatmapMethod& method : methods) formulas.push_back(method.formula);
  return channel_sums(layer, formulas);
}

const HeatmapMethod& heatmap_method(std::string_view name) {
  return named(heatmap_methods(), name, "heatmap method");
}

}  // namespace faultline::heatmap
