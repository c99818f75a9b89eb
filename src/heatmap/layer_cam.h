#pragma once

#include "engine/observation.h"

namespace faultline::heatmap {

// LayerCAM heatmaps of one layer (Jiang et al., "LayerCAM: Exploring Hierarchical Class Activation Maps for
// Localization", IEEE TIP 2021, eq. 5-6).
//   H[r,y,x] = relu(sum_k relu(g[r,k,y,x]) A[r,k,y,x]),   g = ds_r/dA
//   -> [R,h,w], one map a seed, not normalised.
// Throws ContractError outside a backward sweep.
DoubleTensor layer_cam(const engine::Observation& layer);

}  // namespace faultline::heatmap
