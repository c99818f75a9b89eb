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
      HeatmapMethod{"layercam", "activations weighted cell by cell by their positive gradients",
                    "Jiang et al. 2021, IEEE TIP 30", kLayerCam},
      HeatmapMethod{"hirescam", "activations weighted cell by cell by their gradients",
                    "Draelos and Carin 2020, arXiv 2011.08891", kHiResCam},
      HeatmapMethod{"gradcam", "channels weighted by their mean gradient",
                    "Selvaraju et al. 2017, arXiv 1610.02391", kGradCam},
      HeatmapMethod{"gradcam++", "channels weighted by a damped sum of their positive gradients",
                    "Chattopadhay et al. 2018, arXiv 1710.11063", kGradCamPlusPlus},
      HeatmapMethod{"xgradcam", "channels weighted by their activation-weighted mean gradient",
                    "Fu et al. 2020, arXiv 2008.02312", kXGradCam},
      HeatmapMethod{"noisecam", "gradcam++ less layercam, of the score as a probability",
                    "Tan, Renkhoff et al. 2023, arXiv 2303.06151, as their code", kNoiseCam, false, true},
      HeatmapMethod{"noisecam-logit", "gradcam++ less layercam, weights times exp(score)",
                    "Tan, Renkhoff et al. 2023, arXiv 2303.06151, as their code runs on logits", kNoiseCam},
      HeatmapMethod{"noisecam-scale-free", "gradcam++ less layercam, neither scaled",
                    "faultline, docs/catalogue.md", kScaleFreeNoiseCam},
      HeatmapMethod{"eigencam", "first principal component of the activations",
                    "Muhammad and Yeasin 2020, arXiv 2008.00299", eigen_cam, true},
      HeatmapMethod{"eigengradcam", "first principal component of gradient times activation",
                    "pytorch-grad-cam", eigen_grad_cam, true},
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
