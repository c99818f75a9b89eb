#pragma once

#include <cstdint>

#include "engine/onednn/conv_problem.h"
#include "tensor/tensor.h"

namespace faultline::engine::onednn {

// Blocks of output channels that are computed together: as many as the registers of the instruction set hold.
constexpr std::int64_t product_blocks(std::int64_t block) {
  return block == 16 ? 4 : 2;
}

// The filters of a 3x3 convolution as the products of a direction read them, G w G^T computed in double:
//   [36][output blocks, in groups of product_blocks()][inputs][blocks of the group x block]
//   weights [O,C,3,3]; inputs and outputs are those of the direction (backward: O inputs, C outputs, filters
//   turned by 180 degrees), padded to whole blocks with zeros.
Tensor winograd_weights(const float* weights, const ConvProblem& problem, Direction direction);

}  // namespace faultline::engine::onednn
