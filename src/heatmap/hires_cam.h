#pragma once

#include "engine/observation.h"

namespace faultline::heatmap {

// HiResCAM heatmaps of one layer (Draelos and Carin, "Use HiResCAM instead of Grad-CAM for faithful
// explanations of convolutional neural networks", arXiv 2011.08891).
//   H[r,y,x] = relu(sum_k g[r,k,y,x] A[r,k,y,x]),   g = ds_r/dA
//   -> [R,h,w], one map a seed, not normalised.
// Throws ContractError outside a backward sweep.
DoubleTensor hires_cam(const engine::Observation& layer);

}  // namespace faultline::heatmap
