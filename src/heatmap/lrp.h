#pragma once

#include <vector>

#include "heatmap/question.h"

namespace faultline::heatmap {

// Layer-wise relevance propagation, relevances R [3,H,W] of the normalised image (of the Input in a graph
// that does not normalise), signed. One forward and one backward pass.
//   at a convolution or dense layer  z_k = sum_j w_jk a_j + b_k:
//     epsilon rule (Bach et al., "On Pixel-wise Explanations ...", PLoS ONE 2015):
//       R_j = a_j sum_k w_jk R_k / (z_k + epsilon sign z_k)
//     gamma rule (Montavon et al., "Layer-Wise Relevance Propagation: An Overview", 2019):
//       R_j = a_j sum_k (w_jk + gamma w_jk+) R_k / (z_k + gamma (sum_j w_jk+ a_j + b_k+)), with the same
//       epsilon
//   begun with R_k = z_k ds/dz_k at the logits. What lies between hands R/a on as a gradient: a ReLU or the
//   winner of a MaxPool hands R to its input, sums divide it by the summands' values. Biases keep their
//   shares. With epsilon 0, no biases, ReLU and MaxPool alone: R = u ds/du, u the normalised image.
// lrp_gamma takes the gamma rule at the convolutions whose input is >= 0 by construction (after a ReLU), the
// epsilon rule at all others and at dense layers.

struct LrpOptions {
  double epsilon = 1e-6;
  double gamma = 0.25;
};

// The graph to compile, and the nodes that its plan must observe. For the gamma rule the graph has, beside
// each such convolution, one of the positive weights whose value is added times 0.
net::Graph lrp_epsilon_graph(const net::Graph& graph);
net::Graph lrp_gamma_graph(const net::Graph& graph);
std::vector<net::NodeId> lrp_observed(const net::Graph& graph);

// plan: of such a graph, with those nodes observed. Throws ContractError otherwise.
DoubleTensor lrp(engine::Plan& plan, const Question& question, const LrpOptions& options);

}  // namespace faultline::heatmap
