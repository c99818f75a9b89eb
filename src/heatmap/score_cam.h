#pragma once

#include "heatmap/changed_layer.h"

namespace faultline::heatmap {

// What Score-CAM's masks are laid over.
enum class Masked {
  layer,  // the layer itself: its activation, all channels, times the mask
  input,  // the normalised image times the mask brought to its size, as published
};

// Score-CAM heatmap of one layer (Wang et al., "Score-CAM: Score-Weighted Visual Explanations for
// Convolutional Neural Networks", CVPR workshops 2020, eq. 3-7).
//   H[y,x] = relu(sum_k w[k] A[k,y,x]),   w = softmax over k of s_k
//   s_k: the score with the mask M_k laid on, M_k = (A_k - min A_k) / (max A_k - min A_k + 1e-8)
//   -> [h,w]. Costs C passes: resumed from the layer on, or (input) from the normalised image, bilinear
//   masks.
// Throws ContractError of `input` if the node of masked_input is not observed.
DoubleTensor score_cam(const ChangedLayer& of, Masked masked = Masked::layer);

// The node that masks of the input are laid over: the normalised image, or the Input in a graph that does not
// normalise.
net::NodeId masked_input(const net::Graph& graph);

}  // namespace faultline::heatmap
