#pragma once

#include "heatmap/full_gradient.h"

namespace faultline::heatmap {

// FullGrad saliency [1,H,W], >= 0 (Srinivas and Fleuret 2019, eq. 8, with the authors' psi):
//   psi(x ds/dx) + sum over nodes l with maps of psi(b_l ds/dA_l), channels summed
//   psi: |v|, less its least, over its largest + 1e-6 (over the whole node), brought to the image's size
//   bilinearly. Biases of vectors (dense layers) have no place in the image: they count in full_gradient
//   alone.
// One forward and one backward pass. plan: with bias_nodes(graph) observed.
DoubleTensor full_grad(engine::Plan& plan, const Question& question);

}  // namespace faultline::heatmap
