#pragma once

#include <cstdint>

#include "engine/kernel.h"
#include "net/ops/window.h"

namespace faultline::engine::onednn {

// A two-dimensional convolution of one image, as net::Conv defines it, between two values of the network.
struct ConvProblem {
  net::Window window;
  std::int64_t groups = 1;
  Layout source;  // the network's own layouts
  Layout destination;
  bool relu = false;   // y = max(conv, 0), forward only
  bool gated = false;  // whether the ReLU may have to be replaced by gates (ConvRows::output_gates)

  std::int64_t taps() const { return window.height().kernel * window.width().kernel; }
  std::int64_t multiply_adds() const {
    return destination.channels * destination.positions * (source.channels / groups) * taps();
  }
};

enum class Direction { forward, backward };

}  // namespace faultline::engine::onednn
