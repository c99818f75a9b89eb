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
      HeatmapMethod{"layercam", "activations weighted cell by cell by their positive gradients", layer_cam},
      HeatmapMethod{"hirescam", "activations weighted cell by cell by their gradients", hires_cam},
      HeatmapMethod{"gradcam", "channels weighted by their mean gradient", grad_cam},
      HeatmapMethod{"gradcam++", "channels weighted by a damped sum of their positive gradients",
                    grad_cam_plus_plus},
  };
  return kMethods;
}

const HeatmapMethod& heatmap_method(std::string_view name) {
  return named(heatmap_methods(), name, "heatmap method");
}

}  // namespace faultline::heatmap
