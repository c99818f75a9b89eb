#pragma once

#include <cstdint>
#include <span>

#include "base/philox.h"
#include "tensor/tensor.h"

namespace faultline::compare {

// Fills removed pixels so that they say nothing but what their surroundings say (Rong et al. 2022, "A
// Consistent and Efficient Evaluation Strategy for Attribution Methods", section 4): every removed pixel is
// the weighted mean of its eight neighbours, removed ones included,
//   x_i = sum_j w_ij x_j / sum_j w_ij,   w = 1/6 beside, above, below, 1/12 across a corner,
// over those inside the image, in each channel; then noise from N(0, deviation^2) is added, and the result
// clamped to [0,1]. (Without noise a network could tell what is smooth.)
//   image [3,H,W], pixel units; removed: distinct positions in [0, H W), not all of them.
//   Noise of the k-th removed pixel in channel c is the stream's normal number k 3 + c; 0.01 in the paper.
// Exact to rounding: the sparse system is factorised. Throws ContractError.
Tensor impute(TensorView image, std::span<const std::int64_t> removed, double deviation,
              const RandomStream& stream);

}  // namespace faultline::compare
