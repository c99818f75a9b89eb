#pragma once

#include <vector>

#include "heatmap/question.h"

namespace faultline::heatmap {

// The score as a sum of what the input and each bias contribute (Srinivas and Fleuret, "Full-Gradient
// Representation for Neural Network Visualization", NeurIPS 2019, prop. 1):
//   s(x) = <x, ds/dx> + sum over nodes l of <b_l, ds/dA_l>
//   b_l: what the node adds whatever its inputs: a convolution's or dense layer's bias, the shift of a batch
//   normalisation, -mean/std of the input's normalisation, a constant that is added or subtracted.
// Exact for networks of such nodes, linear ones without a bias, ReLU, LeakyReLU and poolings; other
// activations leave a remainder.
struct FullGradient {
  struct Term {
    net::NodeId node = -1;
    DoubleTensor values = {};  // [C,h,w] or [K]: b_l ds/dA_l, element by element
  };
  double score = 0;
  DoubleTensor input = {};        // [3,H,W]: x ds/dx
  std::vector<Term> biases = {};  // in topological order

  // The right side of the sum.
  double total() const;
};

// The nodes that have a bias: what a plan must observe.
std::vector<net::NodeId> bias_nodes(const net::Graph& graph);

// One forward and one backward pass.
FullGradient full_gradient(engine::Plan& plan, const Question& question);

}  // namespace faultline::heatmap
