#include "engine/onednn/direct_conv.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "base/error.h"
#include "engine/onednn/chunks.h"
#include "engine/onednn/context.h"
#include "engine/onednn/conv_primitive.h"

namespace faultline::engine::onednn {

namespace {

// output = input where the gate is open, 0 elsewhere; the two may be the same.
void zero_closed(std::int64_t elements, const float* input, const float* gates, float* output) {
  for_each_chunk(elements, [=](std::int64_t first, std::int64_t last) {
#pragma omp simd
    for (std::int64_t i = first; i < last; ++i) output[i] = gates[i] > 0 ? input[i] : 0.0F;
  });
}

// To the nearest bf16, ties to even.
void round_to_bf16(std::int64_t elements, const float* input, std::uint16_t* output) {
  for_each_chunk(elements, [=](std::int64_t first, std::int64_t last) {
#pragma omp simd
    for (std::int64_t i = first; i < last; ++i) {
      const auto bits = std::bit_cast<std::uint32_t>(input[i]);
      output[i] = static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U);
    }
  });
}

class DirectConv final : public ConvPath {
 public:
  DirectConv(const ConvProblem& problem, Direction direction, ProductType type, ConvChoice choice,
             Context& context)
      : from_(direction == Direction::forward ? problem.source : problem.destination),
        to_(direction == Direction::forward ? problem.destination : problem.source),
        type_(type),
        context_(context),
        primitive_(problem, direction, std::move(choice), context) {
    if (direction == Direction::forward && problem.relu && problem.gated) {
      ConvProblem linear = problem;
      linear.relu = false;
      auto without = choose_convolution(linear, direction, type, context.block(), context.engine());
      require(without.has_value(), "DirectConv: a convolution with ReLU, but none without");
      linear_.emplace(linear, direction, *std::move(without), context);
    }
    inner_from_ =
        direction == Direction::forward ? primitive_.choice().source : primitive_.choice().destination;
    inner_to_ =
        direction == Direction::forward ? primitive_.choice().destination : primitive_.choice().source;
    context.reserve_scratch(from_.row_elements() + 2 * inner_from_.row_elements() + inner_to_.row_elements());
  }

  void set_weights(const float* weights, const float* bias) override {
    primitive_.set_weights(weights, bias, context_.engine());
    if (linear_) linear_->share_weights(primitive_);
  }

  void run(const ConvRows& rows) override {
    const bool is_direct = inner_to_ == to_;
    float* converted = context_.scratch() + from_.row_elements() + 2 * inner_from_.row_elements();
    for (std::size_t r = 0; r < rows.outputs.size(); ++r) {
      const void* input = prepare(rows.inputs[r], rows.input_gates.empty() ? nullptr : rows.input_gates[r]);
      float* output = is_direct ? rows.outputs[r] : converted;
      (rows.output_gates.empty() ? primitive_ : linear()).run(input, output, context_);
      if (!is_direct) convert(inner_to_, output, to_, rows.outputs[r]);
      if (!rows.output_gates.empty())
        zero_closed(to_.row_elements(), rows.outputs[r], rows.output_gates[r], rows.outputs[r]);
    }
  }

  std::string implementation() const override {
    const std::string name = type_ == ProductType::f32 ? "direct (" : "bf16 (";
    return name + primitive_.choice().implementation + ")";
  }
  std::int64_t primitives_created() const override {
    return linear_ ? 3 : 2;
  }  // with the reorder of the weights
  std::int64_t reorders() const override { return reorders_; }

 private:
  ConvPrimitive& linear() {
    require(linear_.has_value(), "DirectConv: output gates, but the plan was compiled without");
    return *linear_;
  }

  // The row as the primitive reads it: itself where nothing has to be done to it.
  const void* prepare(const float* row, const float* gates) {
    float* gated = context_.scratch();
    float* converted = gated + from_.row_elements();
    if (gates != nullptr) {
      zero_closed(from_.row_elements(), row, gates, gated);
      row = gated;
    }
    if (!(inner_from_ == from_)) {
      convert(from_, row, inner_from_, converted);
      row = converted;
    }
    if (type_ == ProductType::f32) return row;
    auto* rounded = reinterpret_cast<std::uint16_t*>(converted + inner_from_.row_elements());
    round_to_bf16(inner_from_.row_elements(), row, rounded);
    return rounded;
  }

  void convert(const Layout& from, const float* row, const Layout& to, float* converted) {
    convert_row(from, row, to, converted);
    ++reorders_;
  }

  Layout from_;
  Layout to_;
  Layout inner_from_ = {};
  Layout inner_to_ = {};
  ProductType type_;
  Context& context_;
  ConvPrimitive primitive_;
  std::optional<ConvPrimitive> linear_;
  std::int64_t reorders_ = 0;
};

}  // namespace

std::unique_ptr<ConvPath> make_direct_conv(const ConvProblem& problem, Direction direction, ProductType type,
                                           Context& context) {
  auto choice = choose_convolution(problem, direction, type, context.block(), context.engine());
  if (!choice) return nullptr;
  return std::make_unique<DirectConv>(problem, direction, type, *std::move(choice), context);
}

}  // namespace faultline::engine::onednn
