#pragma once

#include <cstdint>
#include <span>

#include "net/operator.h"

namespace faultline::engine {

// Multiply-adds of Conv, Gemm and MatMul, by the definition of the sums (padding counted as if it were data);
// 0 for all other operators.
std::int64_t multiply_adds(const net::Operator& op, std::span<const Shape> inputs, const Shape& output);

}  // namespace faultline::engine
