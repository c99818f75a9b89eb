#pragma once

#include <span>

#include "engine/kernel.h"
#include "net/graph.h"

namespace faultline::engine {

// The step of any operator by the reference kernels of net, in plain layout: what the reference engine
// consists of, and how other engines run operators for which they have no kernel of their own.
//   sample_shapes: as sample_shapes(graph) gives them; all inputs of the node must be in plain_layout.
// Rows are computed one by one, each as a batch of 1. Values that do not depend on the image are converted to
// S here, once. The tangent is f(u0 + i h (u - u0)) in complex double, whose real part is f(u0) and whose
// imaginary part is h f'(u0)(u - u0) (complex step: exact to rounding, for any number of variable inputs);
// as decisions look at real parts only, gates and winners are the recording's.
// Throws ContractError if the node is a leaf or does not depend on the image.
template <class S>
Step<S> generic_step(const net::Graph& graph, std::span<const Shape> sample_shapes, net::NodeId node);

}  // namespace faultline::engine
