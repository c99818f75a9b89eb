#pragma once

#include <cstdint>
#include <optional>

#include "base/philox.h"
#include "net/graph.h"
#include "tensor/tensor.h"

namespace faultline::study {

// How a convolution's or dense layer's weights are laid out.
struct LayerWeights {
  Shape shape;
  int unit_axis = 0;  // the extent that counts output channels or features
  std::int64_t units() const { return shape[unit_axis]; }
  std::int64_t inputs() const { return shape.elements() / units(); }  // to one unit
  // The unit of a flat index.
  std::int64_t unit_of(std::int64_t i) const {
    return i / shape.elements(unit_axis + 1, shape.rank()) % units();
  }
};

// Of a Conv, Gemm or MatMul of a value by a Constant, its second input; nullopt for any other node.
std::optional<LayerWeights> layer_weights(const net::Graph& graph, net::NodeId id);

// Weights from N(0, 2/inputs) (He et al. 2015), the i-th from the stream's i-th normal.
Tensor he_normal(const LayerWeights& weights, const RandomStream& stream);

}  // namespace faultline::study
