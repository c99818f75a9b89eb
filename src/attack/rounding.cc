#include "attack/rounding.h"

#include <cmath>

#include "base/error.h"

namespace faultline::attack {

void round_to_8_bits(TensorView x, MutableTensorView rounded) {
  require(x.shape() == rounded.shape(), "round_to_8_bits: shapes differ");
  for (std::int64_t i = 0; i < x.elements(); ++i) rounded[i] = std::floor(x[i] * 255 + 0.5F) / 255;
}

}  // namespace faultline::attack
