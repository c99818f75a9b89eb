#pragma once

#include "base/philox.h"
#include "tensor/tensor.h"

namespace faultline::attack {

// A random linear map of images [C,H,W] (Xie et al. 2019, "input diversity"; the sizes as torchattacks has
// them): the image is shrunk to h x w and put at (top, left) of an image of zeros of the old size.
//   Resizing is bilinear with half-pixel centres, without antialiasing.
struct ResizePad {
  int height = 0;
  int width = 0;
  int top = 0;
  int left = 0;
};

// h = a + floor(u (H - a)), a = max(1, floor(least_scale H)), likewise w with the same u; offsets uniform
// over all that fit. Numbers 1, 2 and 3 of the stream.
ResizePad random_resize_pad(const Shape& image, double least_scale, const RandomStream& stream);

// Shapes [C,H,W], equal. The result must not be the source.
void apply(const ResizePad& map, TensorView image, MutableTensorView result);
// The transposed map, which carries a gradient back: <apply(x), g> = <x, apply_transposed(g)>.
void apply_transposed(const ResizePad& map, TensorView gradient, MutableTensorView result);

}  // namespace faultline::attack
