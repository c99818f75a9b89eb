#include <limits>

#include "base/error.h"
#include "formats/onnx/converters.h"

namespace faultline::formats {

namespace {

using Binary = net::Binary;

Converted binary(Binary::Kind kind) {
  return {Binary{.kind = kind}, {0, 1}};
}

Converted pass_through(const NodeView& node) {
  return {net::Identity{.origin = node.node().op}, {0}};
}

}  // namespace

Converted convert_relu(const NodeView& /*node*/) {
  return {net::Relu{}, {0}};
}
Converted convert_sigmoid(const NodeView& /*node*/) {
  return {net::Sigmoid{}, {0}};
}
Converted convert_tanh(const NodeView& /*node*/) {
  return {net::Tanh{}, {0}};
}
Converted convert_add(const NodeView& /*node*/) {
  return binary(Binary::Kind::add);
}
Converted convert_sub(const NodeView& /*node*/) {
  return binary(Binary::Kind::sub);
}
Converted convert_mul(const NodeView& /*node*/) {
  return binary(Binary::Kind::mul);
}
Converted convert_div(const NodeView& /*node*/) {
  return binary(Binary::Kind::div);
}
Converted convert_identity(const NodeView& node) {
  return pass_through(node);
}

Converted convert_leaky_relu(const NodeView& node) {
  return {net::LeakyRelu{.alpha = node.real("alpha", 0.01F)}, {0}};
}

Converted convert_clip(const NodeView& node) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  net::Clip op;
  op.min = node.has_input(1) ? node.scalar(1) : node.has("min") ? node.real("min", 0) : -kInfinity;
  op.max = node.has_input(2) ? node.scalar(2) : node.has("max") ? node.real("max", 0) : kInfinity;
  return {op, {0}};
}

Converted convert_dropout(const NodeView& node) {
  if (node.has_input(2)) {
    const std::vector<std::int64_t> training = node.integers(2);
    if (training.size() != 1)
      node.refuse("training_mode has " + std::to_string(training.size()) + " values, expected one");
    if (training.front() != 0)
      node.unsupported("is in training mode, expected a model exported for inference");
  }
  return pass_through(node);
}

Converted convert_cast(const NodeView& node) {
  const std::int64_t to = node.attribute("to").integer;
  const bool to_float = to == 1 || to == 10 || to == 11;  // float, float16, double
  if (!to_float) node.unsupported("casts a value that depends on the image to integers");
  return pass_through(node);
}

}  // namespace faultline::formats
