#include "base/error.h"
#include "formats/onnx/converters.h"

namespace faultline::formats {

namespace {

net::AutoPad auto_pad(const NodeView& node) {
  const std::string text = node.text("auto_pad", "NOTSET");
  if (text == "SAME_UPPER") return net::AutoPad::same_upper;
  if (text == "SAME_LOWER") return net::AutoPad::same_lower;
  if (text == "VALID") return net::AutoPad::valid;
  return net::AutoPad::none;
}

// kernel_shape repeats what the weights say; a file in which they differ is broken.
void check_kernel(const NodeView& node) {
  const std::vector<std::int64_t> kernel = node.integers("kernel_shape");
  const Shape& weights = node.shape(1);
  if (kernel.empty() || weights.rank() < 2) return;
  const std::vector<std::int64_t> expected(weights.begin() + 2, weights.end());
  if (kernel != expected) node.refuse("kernel_shape does not fit the weights " + weights.to_string());
}

std::vector<std::size_t> first_inputs(const NodeView& node) {
  std::vector<std::size_t> inputs;
  for (std::size_t i = 0; node.has_input(i); ++i) inputs.push_back(i);
  return inputs;
}

}  // namespace

Converted convert_conv(const NodeView& node) {
  check_kernel(node);
  net::Conv op;
  op.strides = node.integers("strides");
  op.dilations = node.integers("dilations");
  op.pads = node.integers("pads");
  op.groups = node.integer("group", 1);
  op.auto_pad = auto_pad(node);
  return {op, first_inputs(node)};
}

Converted convert_max_pool(const NodeView& node) {
  net::MaxPool op;
  op.kernel = node.attribute("kernel_shape").integers;
  op.strides = node.integers("strides");
  op.dilations = node.integers("dilations");
  op.pads = node.integers("pads");
  op.auto_pad = auto_pad(node);
  op.ceil_mode = node.integer("ceil_mode", 0) != 0;
  return {op, {0}};
}

Converted convert_average_pool(const NodeView& node) {
  net::AveragePool op;
  op.kernel = node.attribute("kernel_shape").integers;
  op.strides = node.integers("strides");
  op.pads = node.integers("pads");
  op.auto_pad = auto_pad(node);
  op.ceil_mode = node.integer("ceil_mode", 0) != 0;
  op.count_include_pad = node.integer("count_include_pad", 0) != 0;
  return {op, {0}};
}

Converted convert_global_average_pool(const NodeView& /*node*/) {
  return {net::GlobalAveragePool{}, {0}};
}

}  // namespace faultline::formats
