#pragma once

#include "attack/options.h"
#include "tensor/tensor.h"

namespace faultline::attack {

// The steepest step of a given length in the norm: x <- x + step_size u, with
//   Linf: u_i = sign(g_i), 0 where g_i = 0;   L2: u = g/|g|, 0 where g = 0 or |g| is not finite.
// The length of g has no influence. x, gradient: one image each, of the same shape. Not projected.
void step(Norm norm, float step_size, TensorView gradient, MutableTensorView x);

}  // namespace faultline::attack
