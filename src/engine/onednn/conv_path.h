#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace faultline::engine::onednn {

// The rows of one direction of a convolution, in the network's own layouts: forward reads x and writes y,
// backward reads dy and writes dx.
struct ConvRows {
  std::span<const float* const> inputs;
  // inputs[r] counts as 0 where input_gates[r] <= 0. Empty: it counts as it is.
  std::span<const float* const> input_gates = {};
  std::span<float* const> outputs;
  // Forward of a convolution with ReLU only: y = conv(x) where output_gates[r] > 0 and 0 elsewhere, in place
  // of the ReLU. Empty: the ReLU.
  std::span<const float* const> output_gates = {};
};

// One way to compute one direction of a convolution. A row's result does not depend on the other rows.
class ConvPath {
 public:
  virtual ~ConvPath() = default;
  // weights [O, C/groups, kh, kw] and bias [O], row-major; before the first run. Several paths may do so at a
  // time.
  virtual void set_weights(const float* weights, const float* bias) = 0;
  virtual void run(const ConvRows& rows) = 0;
  // What runs, for people and tests: "direct (jit:avx512_core)". "ref" in it says oneDNN's plain loops.
  virtual std::string implementation() const = 0;
  virtual std::int64_t primitives_created() const { return 0; }
  virtual std::int64_t reorders() const { return 0; }
};

}  // namespace faultline::engine::onednn
