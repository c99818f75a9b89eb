#include "heatmap/catalogue.h"

#include <array>

#include "base/named.h"
#include "heatmap/eigen_cam.h"
#include "heatmap/grad_cam.h"
#include "heatmap/grad_cam_plus_plus.h"
#include "heatmap/hires_cam.h"
#include "heatmap/layer_cam.h"
#include "heatmap/noise_cam.h"
#include "heatmap/xgrad_cam.h"

namespace faultline::heatmap {

std::span<const HeatmapMethod> heatmap_methods() {
  static constexpr std::array kMethods = {
      HeatmapMethod{"layercam", "activations weighted cell by cell by their positive gradients", kLayerCam},
      HeatmapMethod{"hirescam", "activations weighted cell by cell by their gradients", kHiResCam},
      HeatmapMethod{"gradcam", "channels weighted by their mean gradient", kGradCam},
      HeatmapMethod{"gradcam++", "channels weighted by a damped sum of their positive gradients",
                    kGradCamPlusPlus},
      HeatmapMethod{"xgradcam", "channels weighted by their activation-weighted mean gradient", kXGradCam},
      HeatmapMethod{"noisecam", "gradcam++ less layercam, of the score as a probability", kNoiseCam, false,
                    true},
      HeatmapMethod{"noisecam-logit", "gradcam++ less layercam, weights times exp(score)", kNoiseCam},
      HeatmapMethod{"noisecam-scale-free", "gradcam++ less layercam, neither scaled", kScaleFreeNoiseCam},
      HeatmapMethod{"eigencam", "first principal component of the activations", eigen_cam, true},
      HeatmapMethod{"eigengradcam", "first principal component of gradient times activation", eigen_grad_cam,
                    true},
  };
  return kMethods;
}

std::span<const HeatmapMethod> standard_heatmap_methods() {
  return heatmap_methods().first(4);
}

bool HeatmapMethod::needs_gradients_only() const {
  const auto* formula = std::get_if<ChannelSum>(&how);
  return !of_probability && (formula == nullptr || !formula->times_exponential);
}

DoubleTensor HeatmapMethod::map(const engine::Observation& layer) const {
  require(needs_gradients_only(), "HeatmapMethod::map: this method needs scores");
  return std::move(heatmaps(layer, {this, 1}).front());
}

std::vector<DoubleTensor> heatmaps(const engine::Observation& layer, std::span<const HeatmapMethod> methods,
                                   std::span<const double> scores) {
  std::vector<ChannelSum> formulas;
  for (const HeatmapMethod& method : methods) {
    if (const auto* formula = std::get_if<ChannelSum>(&method.how)) formulas.push_back(*formula);
  }
  std::vector<DoubleTensor> sums = channel_sums(layer, formulas, scores);
  std::vector<DoubleTensor> maps;
  std::size_t next = 0;
  for (const HeatmapMethod& method : methods) {
    const auto* function = std::get_if<LayerMaps>(&method.how);
    maps.push_back(function != nullptr ? (*function)(layer) : std::move(sums[next++]));
  }
  return maps;
}

const HeatmapMethod& heatmap_method(std::string_view name) {
  return named(heatmap_methods(), name, "heatmap method");
}

}  // namespace faultline::heatmap
