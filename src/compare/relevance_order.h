#pragma once

#include <cstdint>
#include <vector>

#include "tensor/tensor.h"

namespace faultline::compare {

// The positions of a relevance map [H,W], the largest value first, of equal ones the first in row-major
// order. Values may have any sign. Throws ContractError on another rank or a value that is not finite.
std::vector<std::int64_t> relevance_order(TensorView relevance);

}  // namespace faultline::compare
