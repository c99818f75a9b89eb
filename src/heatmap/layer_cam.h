#pragma once

#include "heatmap/channel_sum.h"

namespace faultline::heatmap {

// LayerCAM heatmaps of one layer (Jiang et al., "LayerCAM: Exploring Hierarchical Class Activation Maps for
// Localization", IEEE TIP 2021, eq. 5-6).
//   H[r,y,x] = relu(sum_k relu(g[r,k,y,x]) A[r,k,y,x]),   g = ds_r/dA
inline constexpr ChannelSum kLayerCam{.summand = engine::Term::positive_gradient_activation};

}  // namespace faultline::heatmap
