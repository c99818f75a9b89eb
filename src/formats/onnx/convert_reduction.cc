#include "base/error.h"
#include "formats/onnx/converters.h"

namespace faultline::formats {

Converted convert_gemm(const NodeView& node) {
  net::Gemm op;
  op.alpha = node.real("alpha", 1);
  op.beta = node.real("beta", 1);
  op.transpose_a = node.integer("transA", 0) != 0;
  op.transpose_b = node.integer("transB", 0) != 0;
  if (node.has_input(2)) return {op, {0, 1, 2}};
  return {op, {0, 1}};
}

Converted convert_matmul(const NodeView& /*node*/) {
  return {net::MatMul{}, {0, 1}};
}

Converted convert_batch_normalization(const NodeView& node) {
  return {net::BatchNormalization{.epsilon = node.real("epsilon", 1e-5F)}, {0, 1, 2, 3, 4}};
}

Converted convert_lrn(const NodeView& node) {
  net::Lrn op;
  op.size = node.attribute("size").integer;
  op.alpha = node.real("alpha", 1e-4F);
  op.beta = node.real("beta", 0.75F);
  op.bias = node.real("bias", 1);
  return {op, {0}};
}

Converted convert_softmax(const NodeView& node) {
  net::Softmax op;
  op.coerce_2d = node.opset() < 13;
  op.axis = node.integer("axis", op.coerce_2d ? 1 : -1);
  const int rank = node.shape(0).rank();
  if (node.leads_with_batch(0) && (op.axis == 0 || op.axis == -rank)) {
    node.unsupported("runs over the batch, so that images would depend on each other");
  }
  return {op, {0}};
}

}  // namespace faultline::formats
