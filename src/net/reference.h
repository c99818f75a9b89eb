#pragma once

#include <span>
#include <vector>

#include "net/graph.h"

namespace faultline::net {

// The executable specification of a network: the operators' own kernels, one node after the other. S is
// float, double or std::complex<double>. Slow; engines are tested against it.

// The value of every node, constants included (converted to S), for one input of any shape that fits.
// Throws as Graph::infer_shapes_for.
template <class S>
std::vector<BasicTensor<S>> evaluate(const Graph& graph, BasicTensorView<const S> input);

// ds/d(value) for every variable node that `from` depends on, itself included, given `values` of evaluate and
// seed = ds/d(value of `from`); empty tensors (shape [0]) for all other nodes. Where several nodes read a
// value their contributions are summed. Throws ContractError if `values` or `seed` do not fit the graph.
template <class S>
std::vector<BasicTensor<S>> differentiate(const Graph& graph, std::span<const BasicTensor<S>> values,
                                          BasicTensorView<const S> seed, NodeId from);

// The same from the graph's output.
template <class S>
std::vector<BasicTensor<S>> differentiate(const Graph& graph, std::span<const BasicTensor<S>> values,
                                          BasicTensorView<const S> seed) {
  return differentiate(graph, values, seed, graph.output());
}

}  // namespace faultline::net
