// Constants and integer arithmetic of shape computations, in which the batch size N stays symbolic.

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "formats/onnx/converters.h"

namespace faultline::formats {

namespace {

// A hostile file must not make us allocate: no weight is larger.
constexpr std::int64_t kMaxFloats = std::int64_t{1} << 28;

using Combine = SymbolicInt (*)(const NodeView&, SymbolicInt, SymbolicInt);

std::int64_t checked(const NodeView& node, bool overflow, std::int64_t value) {
  if (overflow) node.refuse("an integer overflows");
  return value;
}

std::int64_t add(const NodeView& node, std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  const bool overflow = __builtin_add_overflow(a, b, &sum);
  return checked(node, overflow, sum);
}

std::int64_t subtract(const NodeView& node, std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  const bool overflow = __builtin_sub_overflow(a, b, &difference);
  return checked(node, overflow, difference);
}

std::int64_t multiply(const NodeView& node, std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  const bool overflow = __builtin_mul_overflow(a, b, &product);
  return checked(node, overflow, product);
}

SymbolicInt combine_add(const NodeView& node, SymbolicInt a, SymbolicInt b) {
  return {add(node, a.constant, b.constant), add(node, a.per_batch, b.per_batch)};
}

SymbolicInt combine_sub(const NodeView& node, SymbolicInt a, SymbolicInt b) {
  return {subtract(node, a.constant, b.constant), subtract(node, a.per_batch, b.per_batch)};
}

SymbolicInt combine_mul(const NodeView& node, SymbolicInt a, SymbolicInt b) {
  if (!a.is_plain() && !b.is_plain()) node.unsupported("multiplies the batch size by itself");
  if (!b.is_plain()) std::swap(a, b);
  return {multiply(node, a.constant, b.constant), multiply(node, a.per_batch, b.constant)};
}

SymbolicInt combine_div(const NodeView& node, SymbolicInt a, SymbolicInt b) {
  if (!b.is_plain()) node.unsupported("divides by the batch size");
  if (b.constant == 0 || (b.constant == -1 && a.constant == INT64_MIN))
    node.refuse("an integer division has no result");
  if (a.is_plain()) return {a.constant / b.constant, 0};
  if (b.constant == -1 || a.constant % b.constant != 0 || a.per_batch % b.constant != 0) {
    node.unsupported("divides the batch size");
  }
  return {a.constant / b.constant, a.per_batch / b.constant};
}

// Shapes must agree, or one side is a single value: more does not occur in shape computations.
std::optional<Literal> fold_arithmetic(const NodeView& node, Combine combine) {
  const Literal& a = node.literal(0);
  const Literal& b = node.literal(1);
  if (a.kind != Literal::Kind::integers && b.kind != Literal::Kind::integers) return std::nullopt;
  const std::vector<SymbolicInt>& left = node.symbols(0);
  const std::vector<SymbolicInt>& right = node.symbols(1);
  const bool right_is_single = right.size() == 1 && b.shape.rank() <= a.shape.rank();
  if (!(a.shape == b.shape) && !right_is_single && left.size() != 1) {
    node.unsupported("broadcasts integers " + a.shape.to_string() + " and " + b.shape.to_string());
  }
  Literal result = right_is_single || a.shape == b.shape ? a : b;
  for (std::size_t i = 0; i < result.integers.size(); ++i) {
    result.integers[i] = combine(node, left[left.size() == 1 ? 0 : i], right[right.size() == 1 ? 0 : i]);
  }
  return result;
}

Literal filled(const NodeView& node, const Shape& shape, const Literal& value) {
  const bool integers = value.kind == Literal::Kind::integers;
  if (shape.elements() > (integers ? kMaxIntegers : kMaxFloats))
    node.refuse("makes a constant " + shape.to_string() + ", which is too large");
  Literal result = value;
  result.shape = shape;
  if (integers) {
    result.integers.assign(static_cast<std::size_t>(shape.elements()), value.integers.front());
  } else {
    Tensor tensor = Tensor::uninitialised(shape);
    std::fill_n(tensor.data(), tensor.elements(), (*value.floats)[0]);
    result.floats = std::make_shared<const Tensor>(std::move(tensor));
  }
  return result;
}

Literal to_integers(const NodeView& node, const Literal& value, bool to_bool) {
  Literal result = value;
  if (value.kind == Literal::Kind::floats) {
    if (value.shape.elements() > kMaxIntegers)
      node.refuse("casts " + value.shape.to_string() + " to integers, which is too large");
    result = integer_literal({});
    result.shape = value.shape;
    for (const float x : value.floats->values()) {
      if (!(std::abs(x) < 0x1p62F)) node.refuse("casts a number beyond int64");
      result.integers.push_back({to_bool ? (x != 0 ? 1 : 0) : static_cast<std::int64_t>(x), 0});
    }
  } else if (to_bool) {
    for (SymbolicInt& x : result.integers) {
      if (!x.is_plain()) node.unsupported("casts the batch size to bool");
      x.constant = x.constant != 0 ? 1 : 0;
    }
  }
  result.type = to_bool ? "bool" : "int64";
  return result;
}

Literal to_floats(const NodeView& node, const Literal& value) {
  if (value.kind == Literal::Kind::floats) return value;
  Tensor tensor = Tensor::uninitialised(value.shape);
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    const SymbolicInt& x = value.integers[static_cast<std::size_t>(i)];
    if (!x.is_plain()) node.unsupported("casts the batch size to a floating-point type");
    tensor[i] = static_cast<float>(x.constant);
  }
  return float_literal(std::move(tensor));
}

Literal float_scalar(float value) {
  return float_literal(Tensor(Shape{}, {value}));
}

}  // namespace

std::optional<Literal> fold_add(const NodeView& node) {
  return fold_arithmetic(node, combine_add);
}
std::optional<Literal> fold_sub(const NodeView& node) {
  return fold_arithmetic(node, combine_sub);
}
std::optional<Literal> fold_mul(const NodeView& node) {
  return fold_arithmetic(node, combine_mul);
}
std::optional<Literal> fold_div(const NodeView& node) {
  return fold_arithmetic(node, combine_div);
}

std::optional<Literal> fold_pass(const NodeView& node) {
  return node.literal(0);
}

std::optional<Literal> fold_constant(const NodeView& node) {
  if (node.has("value")) {
    const auto& tensor = node.attribute("value").tensor;
    if (tensor->kind == Literal::Kind::other) node.unsupported("is of type " + tensor->type);
    return *tensor;
  }
  if (node.has("value_float")) return float_scalar(node.attribute("value_float").real);
  if (node.has("value_floats")) {
    const std::vector<float>& values = node.attribute("value_floats").reals;
    return float_literal(
        Tensor(Shape{static_cast<std::int64_t>(values.size())}, std::span<const float>(values)));
  }
  if (node.has("value_int")) {
    Literal result = integer_literal({{node.attribute("value_int").integer, 0}});
    result.shape = Shape{};
    return result;
  }
  std::vector<SymbolicInt> values;
  for (const std::int64_t value : node.attribute("value_ints").integers) values.push_back({value, 0});
  return integer_literal(std::move(values));
}

std::optional<Literal> fold_constant_of_shape(const NodeView& node) {
  const Shape shape = checked_shape(node.integers(0), "node '" + node.node().name + "' (ConstantOfShape)");
  if (!node.has("value")) return filled(node, shape, float_scalar(0));
  const Literal& value = *node.attribute("value").tensor;
  if (value.kind == Literal::Kind::other) node.unsupported("is of type " + value.type);
  if (value.shape.elements() != 1)
    node.refuse("the value has the shape " + value.shape.to_string() + ", expected one element");
  return filled(node, shape, value);
}

std::optional<Literal> fold_shape(const NodeView& node) {
  const std::vector<SymbolicInt> extents = symbolic_shape(node.input(0));
  const auto rank = static_cast<std::int64_t>(extents.size());
  const auto clamp = [&](std::int64_t axis) {
    return std::clamp<std::int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  const std::int64_t start = clamp(std::max(node.integer("start", 0), -rank));
  const std::int64_t end = clamp(std::max(node.integer("end", rank), -rank));
  return integer_literal({extents.begin() + start, extents.begin() + std::max(start, end)});
}

std::optional<Literal> fold_cast(const NodeView& node) {
  const Literal& value = node.literal(0);
  if (value.kind == Literal::Kind::other) node.unsupported("casts from type " + value.type);
  switch (node.attribute("to").integer) {
    case 6:  // int32
    case 7:  // int64
      return to_integers(node, value, false);
    case 9:  // bool
      return to_integers(node, value, true);
    default:
      return to_floats(node, value);
  }
}

}  // namespace faultline::formats
