#pragma once

#include "tensor/tensor.h"

namespace faultline::attack {

// The image as an 8-bit file would hold it: rounded[i] = k/255 with k = floor(255 x[i] + 1/2). Shapes equal;
// x in [0,1].
void round_to_8_bits(TensorView x, MutableTensorView rounded);

}  // namespace faultline::attack
