#pragma once

#include "heatmap/channel_sum.h"

namespace faultline::heatmap {

// XGrad-CAM heatmaps of one layer (Fu et al., "Axiom-based Grad-CAM: Towards Accurate Visualization and
// Explanation of CNNs", BMVC 2020, eq. 8; the constant is that of the authors' code).
//   H[r,y,x] = relu(sum_k w[r,k] A[r,k,y,x]),   w[r,k] = sum over y,x of g A / (sum over y,x of A + 1e-7),
//   g = ds_r/dA
inline constexpr ChannelSum kXGradCam{.summand = engine::Term::activation,
                                      .weights = ChannelSum::Weights::shares,
                                      .weighted_by = engine::Term::gradient_activation,
                                      .divided_by = engine::Term::activation,
                                      .offset = 1e-7};

}  // namespace faultline::heatmap
