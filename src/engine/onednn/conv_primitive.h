#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/onednn/context.h"
#include "engine/onednn/conv_choice.h"

namespace faultline::engine::onednn {

// One direction of a convolution of one image by oneDNN's direct sum, made once and run on any pointers.
class ConvPrimitive {
 public:
  ConvPrimitive(const ConvProblem& problem, Direction direction, ConvChoice choice, Context& context);

  const ConvChoice& choice() const { return choice_; }
  // Converts weights [O, C/groups, kh, kw] and bias [O], row-major. Several primitives may do so at a time.
  void set_weights(const float* weights, const float* bias, const dnnl::engine& engine);
  // Uses another primitive's weights, which computes the same but for the ReLU.
  void share_weights(const ConvPrimitive& other);
  // Reads and writes one row, in the layouts and types of choice().
  void run(const void* input, float* output, Context& context);

 private:
  std::vector<float> padded_weights(const float* weights) const;

  ConvProblem problem_;
  ConvChoice choice_;
  dnnl::memory input_;
  dnnl::memory output_;
  dnnl::memory weights_;
  Tensor bias_values_;
  dnnl::memory bias_;
  dnnl::memory scratchpad_;
  std::array<dnnl_exec_arg_t, 5> arguments_{};
};

}  // namespace faultline::engine::onednn
