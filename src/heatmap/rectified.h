#pragma once

#include "tensor/tensor.h"

namespace faultline::heatmap {

// max(map, 0), element by element; a NaN stays one, so that it is noticed further on.
DoubleTensor rectified(DoubleTensor map);

// Whether a map [h,w] is 0 everywhere: such a map says nothing about where the network looks, and every
// distance to it is missing.
bool is_blank(DoubleTensorView map);

}  // namespace faultline::heatmap
