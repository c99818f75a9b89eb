#pragma once

#include "engine/observation.h"

namespace faultline::heatmap {

// Grad-CAM heatmaps of one layer (Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via
// Gradient-based Localization", ICCV 2017, eq. 1-2).
//   H[r,y,x] = relu(sum_k w[r,k] A[r,k,y,x]),   w[r,k] = mean over y,x of g[r,k,y,x],   g = ds_r/dA
//   -> [R,h,w], one map a seed, not normalised.
// Seed r must be taken at row r. Throws ContractError outside a backward sweep, or if there are not as many
// seeds as rows.
DoubleTensor grad_cam(const engine::Observation& layer);

}  // namespace faultline::heatmap
