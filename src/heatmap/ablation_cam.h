#pragma once

#include "heatmap/changed_layer.h"

namespace faultline::heatmap {

// Ablation-CAM heatmap of one layer (Desai and Ramaswamy, "Ablation-CAM: Visual Explanations for Deep
// Convolutional Network via Gradient-free Localization", WACV 2020, eq. 4-5).
//   H[y,x] = relu(sum_k w[k] A[k,y,x]),   w[k] = (s - s_k) / s
//   s: the score; s_k: that with channel k of the layer set to 0. Blank where s = 0.
//   -> [h,w]. Costs C passes, resumed from the layer on.
DoubleTensor ablation_cam(const ChangedLayer& of);

}  // namespace faultline::heatmap
