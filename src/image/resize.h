#pragma once

#include "image/decode.h"
#include "tensor/tensor.h"

namespace faultline {

// How a picture of any size becomes the network's input; models were trained under one of these rules.
struct ResizeRule {
  enum class Filter {
    antialias,      // Pillow's BILINEAR on 8 bits: a triangle as wide as the step when shrinking
    opencv_linear,  // OpenCV's INTER_LINEAR on 8 bits: the nearest two pixels a side, so shrinking aliases
  };
  enum class Geometry {
    stretch,            // straight to width x height
    shorter_side_crop,  // torchvision's Resize(shorter_side) and CenterCrop((height, width))
  };
  Filter filter = Filter::antialias;
  Geometry geometry = Geometry::stretch;
  int width = 224;  // of the result
  int height = 224;
  int shorter_side = 256;      // shorter_side_crop only: the shorter side before the crop
  bool keep_if_exact = false;  // a picture of width x height already is neither resized nor cropped
};

// image -> [3, rule.height, rule.width] in [0,1], every value k/255.
//   The picture is rounded to 8 bits, then filtered horizontally, then vertically. antialias rounds to 8 bits
//   in between, as Pillow (9.4) does, and equals it; opencv_linear keeps 11 fractional bits in between, as
//   OpenCV (4.6) does. shorter_side_crop: the longer side becomes floor(shorter_side * longer / shorter), and
//   the crop starts at round((side - crop) / 2), a half going to the even number (torchvision 0.15). Only the
//   pixels within the crop are computed.
// Throws ContractError if a side of the rule is below 1, or a crop above shorter_side.
Tensor resize(const Image& image, const ResizeRule& rule);

}  // namespace faultline
