#pragma once

#include "base/error.h"
#include "engine/kernel.h"

namespace faultline::engine::onednn {

// A kernel that is affine in its inputs, and so is its own tangent: freeze leaves its step alone.
class AffineKernel : public Kernel<float> {
 public:
  void tangent(const TangentRows<float>& /*rows*/) final {
    throw ContractError("Kernel::tangent: this step is affine, it is never frozen");
  }
};

}  // namespace faultline::engine::onednn
