#pragma once

#include "heatmap/channel_sum.h"

namespace faultline::heatmap {

// HiResCAM heatmaps of one layer (Draelos and Carin, "Use HiResCAM instead of Grad-CAM for faithful
// explanations of convolutional neural networks", arXiv 2011.08891).
//   H[r,y,x] = relu(sum_k g[r,k,y,x] A[r,k,y,x]),   g = ds_r/dA
inline constexpr ChannelSum kHiResCam{.summand = engine::Term::gradient_activation};

}  // namespace faultline::heatmap
