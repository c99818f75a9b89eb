#pragma once

#include <vector>

#include "engine/kernel.h"
#include "net/graph.h"

namespace faultline::engine {

// The shape of each node's value: of a variable node without the batch, of any other node in full.
// Throws Error{model} naming the node if a variable value's leading extent is not the number of images, or
// its other extents depend on it, or a Softmax runs over the batch: such a value has no rows that belong to
// one image each.
std::vector<Shape> sample_shapes(const net::Graph& graph);

// A sample of this shape row-major: the first extent as channels, the rest as positions; a scalar as [1, 1].
Layout plain_layout(const Shape& sample);

}  // namespace faultline::engine
