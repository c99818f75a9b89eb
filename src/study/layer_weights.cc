#include "study/layer_weights.h"

#include <cmath>
#include <variant>

#include "base/parallel.h"

namespace faultline::study {

std::optional<LayerWeights> layer_weights(const net::Graph& graph, net::NodeId id) {
  const net::Node& node = graph.node(id);
  const auto* gemm = std::get_if<net::Gemm>(&node.op);
  const bool is_conv = std::holds_alternative<net::Conv>(node.op);
  const bool is_matmul = std::holds_alternative<net::MatMul>(node.op);
  if (!graph.is_variable(id) || (!is_conv && !is_matmul && gemm == nullptr)) return std::nullopt;
  const auto* constant = std::get_if<net::Constant>(&graph.node(node.inputs[1]).op);
  if (constant == nullptr) return std::nullopt;
  const bool units_first = is_conv || (gemm != nullptr && gemm->transpose_b);
  return LayerWeights{constant->value->shape(), units_first ? 0 : 1};
}

Tensor he_normal(const LayerWeights& weights, const RandomStream& stream) {
  const double deviation = std::sqrt(2.0 / static_cast<double>(weights.inputs()));
  Tensor tensor = Tensor::uninitialised(weights.shape);
  parallel_for(tensor.elements(), [&](std::int64_t i) {
    tensor[i] = static_cast<float>(deviation * stream.normal(static_cast<std::uint64_t>(i)));
  });
  return tensor;
}

}  // namespace faultline::study
