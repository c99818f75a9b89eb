#pragma once

#include "tensor/tensor.h"

namespace faultline::study {

// |found - exact| / |exact|, Euclidean norms over all elements. 0 if the two are the same, infinite if only
// `exact` is zero everywhere. Throws ContractError if the numbers of elements differ.
double relative_l2(DoubleTensorView found, DoubleTensorView exact);

// 1 - <a, b> / (|a| |b|), in [0, 2], to about 1e-16. Zero tensors have no direction: 0 if both are zero, 1 if
// one is. Throws ContractError if the numbers of elements differ.
double cosine_loss(DoubleTensorView a, DoubleTensorView b);

}  // namespace faultline::study
