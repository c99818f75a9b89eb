#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "engine/kernel.h"
#include "tensor/tensor.h"

namespace faultline::engine::onednn {

using FloatKernel = Kernel<float>;
using KernelPointer = std::unique_ptr<FloatKernel>;

// Where an operator stands in the network: all that its kernel is made from.
struct Operand {
  Shape shape;                             // with a batch of 1 where variable
  Layout layout;                           // of a row; meaningless for a constant
  std::shared_ptr<const Tensor> constant;  // null where variable

  bool is_variable() const { return constant == nullptr; }
};

struct Site {
  std::vector<Operand> inputs;
  Operand output;

  // Of the first variable input.
  std::size_t variable_input() const {
    std::size_t i = 0;
    while (i + 1 < inputs.size() && !inputs[i].is_variable()) ++i;
    return i;
  }
  std::size_t variable_count() const {
    std::size_t count = 0;
    for (const Operand& input : inputs) {
      if (input.is_variable()) ++count;
    }
    return count;
  }
};

}  // namespace faultline::engine::onednn
