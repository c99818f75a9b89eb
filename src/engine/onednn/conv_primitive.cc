#include "engine/onednn/conv_primitive.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace faultline::engine::onednn {

using dnnl::memory;

ConvPrimitive::ConvPrimitive(const ConvProblem& problem, Direction direction, ConvChoice choice,
                             Context& context)
    : problem_(problem),
      choice_(std::move(choice)),
      input_(choice_.input, context.engine(), DNNL_MEMORY_NONE),
      output_(choice_.output, context.engine(), DNNL_MEMORY_NONE),
      weights_(choice_.weights, context.engine(), DNNL_MEMORY_NONE),
      bias_values_(Shape{choice_.destination.padded_channels()}),
      bias_(choice_.bias, context.engine(), bias_values_.data()),
      scratchpad_(choice_.scratchpad, context.engine(), DNNL_MEMORY_NONE) {
  const bool is_forward = direction == Direction::forward;
  arguments_ = {{{is_forward ? DNNL_ARG_SRC : DNNL_ARG_DIFF_DST, input_.get()},
                 {is_forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_SRC, output_.get()},
                 {DNNL_ARG_WEIGHTS, weights_.get()},
                 {DNNL_ARG_SCRATCHPAD, scratchpad_.get()},
                 {DNNL_ARG_BIAS, bias_.get()}}};
  context.reserve_scratchpad(choice_.scratchpad.get_size());
}

std::vector<float> ConvPrimitive::padded_weights(const float* weights) const {
  const auto [groups, outputs, inputs] = choice_.group_extents;
  const std::int64_t taps = problem_.taps();
  const std::int64_t plain_outputs = problem_.destination.channels / problem_.groups;
  const std::int64_t plain_inputs = problem_.source.channels / problem_.groups;
  std::vector<float> padded(static_cast<std::size_t>(groups * outputs * inputs * taps), 0.0F);
  for (std::int64_t g = 0; g < problem_.groups; ++g) {
    for (std::int64_t o = 0; o < plain_outputs; ++o) {
      std::copy_n(weights + (g * plain_outputs + o) * plain_inputs * taps, plain_inputs * taps,
                  padded.data() + (g * outputs + o) * inputs * taps);
    }
  }
  return padded;
}

void ConvPrimitive::set_weights(const float* weights, const float* bias, const dnnl::engine& engine) {
  std::vector<float> padded = padded_weights(weights);
  const auto tag = problem_.groups > 1 ? memory::format_tag::goihw : memory::format_tag::oihw;
  weights_ = memory(choice_.weights, engine);
  arguments_[2].memory = weights_.get();
  memory from({choice_.weights.dims(), memory::data_type::f32, tag}, engine, padded.data());
  dnnl::stream stream(engine);
  dnnl::reorder(from, weights_).execute(stream, from, weights_);
  stream.wait();
  std::copy_n(bias, problem_.destination.channels, bias_values_.data());
}

void ConvPrimitive::share_weights(const ConvPrimitive& other) {
  require(choice_.weights == other.choice_.weights, "ConvPrimitive::share_weights: other weights");
  weights_ = other.weights_;
  arguments_[2].memory = weights_.get();
  std::copy_n(other.bias_values_.data(), bias_values_.elements(), bias_values_.data());
}

void ConvPrimitive::run(const void* input, float* output, Context& context) {
  // oneDNN's handles are not const; what it reads it leaves alone (nothing is padded inside its
  // descriptors).
  input_.set_data_handle(const_cast<void*>(input));
  output_.set_data_handle(output);
  scratchpad_.set_data_handle(context.scratchpad());
  const bool has_bias = arguments_[0].arg == DNNL_ARG_SRC;
  dnnl::error::wrap_c_api(dnnl_primitive_execute(choice_.primitive.get(), context.stream().get(),
                                                 has_bias ? 5 : 4, arguments_.data()),
                          "[Conv] oneDNN failed to run a primitive");
}

}  // namespace faultline::engine::onednn
