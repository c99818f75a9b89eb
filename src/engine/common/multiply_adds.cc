#include "engine/common/multiply_adds.h"

namespace faultline::engine {

std::int64_t multiply_adds(const net::Operator& op, std::span<const Shape> inputs, const Shape& output) {
  if (std::holds_alternative<net::Conv>(op))
    return output.elements() * inputs[1].elements(1, inputs[1].rank());
  if (const auto* gemm = std::get_if<net::Gemm>(&op))
    return output.elements() * inputs[0][gemm->transpose_a ? 0 : 1];
  if (std::holds_alternative<net::MatMul>(op)) return output.elements() * inputs[0][-1];
  return 0;
}

}  // namespace faultline::engine
