#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "formats/onnx/onnx_model.h"
#include "net/graph.h"

namespace faultline::formats {

// A value while a model is imported: known now, or computed by a node of the network.
struct Value {
  std::string name;
  std::shared_ptr<const Literal> literal;  // null: it depends on the image
  net::NodeId node = -1;                   // of the network, where it depends on the image
  // The shape for two batch sizes, from which follows how it depends on N. Equal where the batch is not
  // symbolic.
  Shape shape;
  Shape shape_of_larger;
};
// Two batch sizes for which shapes are inferred while N is symbolic.
inline constexpr std::int64_t kProbeBatch = 3;
inline constexpr std::int64_t kLargerProbeBatch = 5;

// The extents of a value in terms of the batch size N.
std::vector<SymbolicInt> symbolic_shape(const Value& value);

// What a converter sees of a node. Everything that is asked for and not there as expected throws:
// Error{model} for malformed nodes, Error{unsupported} for what must be known at import and depends on the
// image.
class NodeView {
 public:
  NodeView(const OnnxNode& node, std::int64_t opset, std::vector<const Value*> inputs)
      : node_(node), opset_(opset), inputs_(std::move(inputs)) {}

  const OnnxNode& node() const { return node_; }
  std::int64_t opset() const { return opset_; }

  std::size_t input_count() const { return inputs_.size(); }
  bool has_input(std::size_t i) const { return i < inputs_.size() && inputs_[i] != nullptr; }
  const Value& input(std::size_t i) const;
  const Shape& shape(std::size_t i) const { return input(i).shape; }
  // Whether the outermost extent is the batch size N.
  bool leads_with_batch(std::size_t i) const;
  bool all_literal() const;
  const Literal& literal(std::size_t i) const;
  const std::vector<SymbolicInt>& symbols(std::size_t i) const;
  std::vector<std::int64_t> integers(std::size_t i) const;
  // A scalar or a single value; NaN is refused.
  float scalar(std::size_t i) const;

  std::int64_t integer(std::string_view attribute, std::int64_t missing) const;
  float real(std::string_view attribute, float missing) const;
  std::string text(std::string_view attribute, const std::string& missing) const;
  // Empty if the attribute is not there.
  std::vector<std::int64_t> integers(std::string_view attribute) const;
  bool has(std::string_view attribute) const { return node_.attributes.contains(attribute); }
  const OnnxAttribute& attribute(std::string_view name) const;
  // Before some opset an attribute, since then an input: the list from whichever is there; nullopt if
  // neither.
  std::optional<std::vector<std::int64_t>> list(std::string_view attribute, std::size_t input) const;

  // Error{model} naming the node.
  [[noreturn]] void refuse(const std::string& what) const;
  // Error{unsupported} "Cast that <what>"; the node is added where all such are collected.
  [[noreturn]] void unsupported(const std::string& what) const;

 private:
  const OnnxNode& node_;
  std::int64_t opset_;
  std::vector<const Value*> inputs_;
};

}  // namespace faultline::formats
