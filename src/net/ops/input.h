#pragma once

#include <string_view>

#include "net/ops/kernel.h"

namespace faultline::net {

// The image batch [N, sample_shape...], in pixel units [0,1], RGB. N is symbolic. A graph has exactly one.
struct Input {
  static constexpr std::string_view kName = "Input";
  static constexpr InputCount kInputs{.least = 0, .most = 0, .variable = 0};
  static constexpr Response kResponse = Response::affine;
  Shape sample_shape;
};

}  // namespace faultline::net
