#pragma once

#include <vector>

#include "tensor/tensor.h"

namespace faultline {

// exp(z_k) / sum_j exp(z_j), without overflow. logits [K] -> [K].
// Throws Error{model} if a logit is not finite: weights of a large network may overflow.
std::vector<double> softmax(DoubleTensorView logits);

}  // namespace faultline
