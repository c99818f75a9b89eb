#pragma once

#include <memory>
#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// Weights and other values that do not depend on the image. Immutable and shared, so that copying a graph
// copies no weights.
struct Constant {
  static constexpr std::string_view kName = "Constant";
  static constexpr InputCount kInputs{.least = 0, .most = 0, .variable = 0};
  static constexpr Response kResponse = Response::affine;
  std::shared_ptr<const Tensor> value;
};

}  // namespace faultline::net
