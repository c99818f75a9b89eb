#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace faultline::formats {

// An integer of a shape computation while the batch size N is not known: constant + per_batch N.
struct SymbolicInt {
  std::int64_t constant = 0;
  std::int64_t per_batch = 0;

  bool is_plain() const { return per_batch == 0; }
  bool is_batch() const { return constant == 0 && per_batch == 1; }
  bool operator==(const SymbolicInt&) const = default;
};

// A hostile file must not make us allocate: no shape computation is longer.
inline constexpr std::int64_t kMaxIntegers = std::int64_t{1} << 20;

// A value of an ONNX graph that does not depend on the image. Floating-point types are narrowed or widened to
// float32.
struct Literal {
  enum class Kind {
    floats,    // float, float16, double
    integers,  // int64, int32, bool
    other,     // a type that faultline does not compute with; it has no values here
  };
  Kind kind = Kind::other;
  std::string type;  // as the file calls it: "float16", "int64", ...
  Shape shape = {0};
  std::shared_ptr<const Tensor> floats;
  std::vector<SymbolicInt> integers;
};

// A literal of int64 values of rank 1; of float values.
Literal integer_literal(std::vector<SymbolicInt> values);
Literal float_literal(Tensor values);

// The product of extents. Throws Error{model} naming `what` if one is negative, there are more than
// Shape::kMaxRank, or there are more elements than 2^31 times 64 (256 GiB of floats): no model has them, and
// products stay free of overflow.
std::int64_t checked_elements(const std::vector<std::int64_t>& extents, const std::string& what);
// The same as a shape.
Shape checked_shape(const std::vector<std::int64_t>& extents, const std::string& what);

}  // namespace faultline::formats
