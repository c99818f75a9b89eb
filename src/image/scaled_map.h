#pragma once

#include "tensor/tensor.h"

namespace faultline {

// How a raw map becomes numbers in [0,1] for a picture. Only pictures are made of these: every measure uses
// the raw map.
enum class MapScale {
  maximum,    // max(v, 0) / max v: 0 stays 0, negative values are not shown
  min_max,    // (v - min) / (max - min)
  symmetric,  // 1/2 + v / (2 max |v|): 0 becomes 1/2; for a diverging colour map
};

// A map ready to be coloured.
//   values [h,w] in [0,1]; low, high: the raw values that 0 and 1 stand for, as a colour bar states them
//   zero: what a raw 0 became, the level at which nothing is to be seen
//   blank: the map has nothing to show (no positive value, all equal, all zero respectively); values are then
//   all `zero`
struct ScaledMap {
  Tensor values{};
  float low = 0.0F;
  float high = 0.0F;
  float zero = 0.0F;
  bool blank = false;
};

// map [h,w]. Throws ContractError on another rank, no values, NaN or infinity.
ScaledMap scale_map(TensorView map, MapScale scale);

// map [h,w] -> [height,width], bilinear between pixel centres, constant beyond the outermost ones (as
// align_corners=False). Throws ContractError on another rank or an empty size.
Tensor upsample_bilinear(TensorView map, int height, int width);

}  // namespace faultline
