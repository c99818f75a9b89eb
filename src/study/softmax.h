#pragma once

#include <vector>

#include "tensor/tensor.h"

namespace faultline::study {

// exp(z_k) / sum_j exp(z_j), without overflow. logits [K] -> [K].
std::vector<double> softmax(DoubleTensorView logits);

}  // namespace faultline::study
