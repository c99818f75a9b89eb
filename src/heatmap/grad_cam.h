#pragma once

#include "heatmap/channel_sum.h"

namespace faultline::heatmap {

// Grad-CAM heatmaps of one layer (Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via
// Gradient-based Localization", ICCV 2017, eq. 1-2).
//   H[r,y,x] = relu(sum_k w[r,k] A[r,k,y,x]),   w[r,k] = mean over y,x of g[r,k,y,x],   g = ds_r/dA
inline constexpr ChannelSum kGradCam{.summand = engine::Term::activation,
                                     .weights = ChannelSum::Weights::means,
                                     .weighted_by = engine::Term::gradient};

}  // namespace faultline::heatmap
