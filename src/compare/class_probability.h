#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "tensor/tensor.h"

namespace faultline::compare {

// softmax(z)_c of `count` changed versions of an image: write(i, pixels) is called for each i in order and
// writes version i [3,H,W]. Forward passes of at most 16 at a time. -> [count].
// Throws ContractError if c is no class; Error{model} for logits that are not finite.
using WriteVersion = std::function<void(std::int64_t i, MutableTensorView pixels)>;
std::vector<double> class_probabilities(engine::Plan& plan, const Shape& sample_shape, int class_index,
                                        std::int64_t count, const WriteVersion& write);

}  // namespace faultline::compare
