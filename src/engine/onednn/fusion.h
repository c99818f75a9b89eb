#pragma once

#include <optional>
#include <vector>

#include "engine/engine.h"
#include "net/graph.h"

namespace faultline::engine::onednn {

// A convolution with what is computed in the same step: batch normalisation goes into its weights, ReLU into
// the primitive.
struct ConvGroup {
  NodeId conv = -1;
  std::optional<NodeId> batch_normalization;
  std::optional<NodeId> relu;
  // Whose value the step writes; the others have none.
  NodeId result() const { return relu ? *relu : batch_normalization ? *batch_normalization : conv; }
};

// The groups of all convolutions of the graph. A node is fused into its consumer if that is its only one, and
// it is neither observed nor the output.
std::vector<ConvGroup> find_conv_groups(const net::Graph& graph, const CompileOptions& options);

}  // namespace faultline::engine::onednn
