#include "base/error.h"
#include "formats/onnx/converters.h"

namespace faultline::formats {

namespace {

// One extent of a Reshape in ONNX's terms: 0 copies the batch size.
std::int64_t reshape_extent(const NodeView& node, const SymbolicInt& extent, std::size_t place) {
  if (extent.is_plain()) return extent.constant;
  if (place == 0 && extent.is_batch() && node.leads_with_batch(0)) return 0;
  node.unsupported("mixes the batch with other axes");
}

}  // namespace

Converted convert_reshape(const NodeView& node) {
  net::Reshape op;
  const std::vector<SymbolicInt>& extents = node.symbols(1);
  for (std::size_t i = 0; i < extents.size(); ++i) op.dims.push_back(reshape_extent(node, extents[i], i));
  op.allow_zero = node.integer("allowzero", 0) != 0;
  if (op.allow_zero && !extents.empty() && !extents.front().is_plain())
    node.unsupported("has allowzero with a symbolic batch");
  // A model exported for one image says so here; the batch stays symbolic.
  if (!op.allow_zero && node.leads_with_batch(0) && !op.dims.empty() && op.dims.front() == 1)
    op.dims.front() = 0;
  return {op, {0}};
}

Converted convert_flatten(const NodeView& node) {
  return {net::Flatten{.axis = node.integer("axis", 1)}, {0}};
}

Converted convert_transpose(const NodeView& node) {
  return {net::Transpose{.perm = node.integers("perm")}, {0}};
}

Converted convert_squeeze(const NodeView& node) {
  net::Squeeze op;
  op.axes = node.list("axes", 1).value_or(std::vector<std::int64_t>{});
  // "All axes of extent 1" must not come to mean the batch when there is one image.
  for (int axis = 0; op.axes.empty() && axis < node.shape(0).rank(); ++axis) {
    if (node.shape(0)[axis] == 1) op.axes.push_back(axis);
  }
  if (op.axes.empty()) return {net::Identity{.origin = "Squeeze"}, {0}};
  return {op, {0}};
}

Converted convert_unsqueeze(const NodeView& node) {
  const auto axes = node.list("axes", 1);
  if (!axes) node.refuse("the axes are missing");
  return {net::Unsqueeze{.axes = *axes}, {0}};
}

Converted convert_concat(const NodeView& node) {
  std::vector<std::size_t> inputs;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    if (!node.has_input(i)) node.refuse("input " + std::to_string(i) + " is missing");
    inputs.push_back(i);
  }
  return {net::Concat{.axis = node.attribute("axis").integer}, inputs};
}

Converted convert_pad(const NodeView& node) {
  net::Pad op;
  const std::string mode = node.text("mode", "constant");
  op.mode = mode == "reflect" ? net::Pad::Mode::reflect
            : mode == "edge"  ? net::Pad::Mode::edge
                              : net::Pad::Mode::constant;
  const auto pads = node.list("pads", 1);
  if (!pads) node.refuse("the pads are missing");
  op.pads = *pads;
  op.value = node.has_input(2) ? node.scalar(2) : node.real("value", 0);
  const auto rank = static_cast<std::size_t>(node.shape(0).rank());
  if (node.leads_with_batch(0) && op.pads.size() == 2 * rank && (op.pads[0] != 0 || op.pads[rank] != 0)) {
    node.unsupported("pads the batch");
  }
  return {op, {0}};
}

}  // namespace faultline::formats
