#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "formats/onnx/node_view.h"
#include "net/operator.h"

namespace faultline::formats {

// A node of the network that stands for an ONNX node, and which of the ONNX node's inputs it reads (others
// are parameters).
struct Converted {
  net::Operator op;
  std::vector<std::size_t> inputs;
};

struct AttributeRule {
  std::string_view name;
  OnnxAttribute::Kind kind;
  std::vector<std::string_view> allowed = {};  // the values that we have, as text; empty: any
};

// All that faultline knows of one ONNX operator, for opset 7 to 17.
struct OperatorRow {
  std::string_view name;
  std::size_t least_inputs;
  std::size_t most_inputs;
  std::vector<AttributeRule> attributes;
  // For a value that depends on the image. Null: the operator only occurs in constants and shape
  // computations.
  Converted (*convert)(const NodeView&);
  // For constants; nullopt where the reference kernels are to compute it. Null: always the reference kernels.
  std::optional<Literal> (*fold)(const NodeView&) = nullptr;
  bool reads_shape_only = false;  // Shape: constant although its input depends on the image
};

// Every operator there is; null if this one is not among them.
const OperatorRow* find_operator(std::string_view name);
std::span<const OperatorRow> operator_table();

}  // namespace faultline::formats
