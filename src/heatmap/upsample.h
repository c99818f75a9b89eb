#pragma once

#include "tensor/tensor.h"

namespace faultline::heatmap {

// map [h,w] -> [height,width], bilinear between the centres of cells, constant beyond the outermost ones
// (PyTorch's align_corners=False); the same values where the size is the same.
DoubleTensor upsample(DoubleTensorView map, std::int64_t height, std::int64_t width);

}  // namespace faultline::heatmap
