#include "heatmap/lrp.h"

#include <algorithm>
#include <set>
#include <variant>

#include "heatmap/positive_branches.h"
#include "heatmap/score_cam.h"

namespace faultline::heatmap {
namespace {

using engine::GradientRule;
using engine::GradientRuleKind;

bool is_weighted(const net::Graph& graph, net::NodeId id) {
  const net::Operator& op = graph.node(id).op;
  return graph.is_variable(id) &&
         (std::holds_alternative<net::Conv>(op) || std::holds_alternative<net::Gemm>(op) ||
          std::holds_alternative<net::MatMul>(op));
}

// R/a is propagated: what a layer hands on is its G z / (z + ...), of which backward makes sum_k w_jk of it.
std::vector<GradientRule> rules_of(const net::Graph& graph, const LrpOptions& options) {
  std::vector<GradientRule> rules;
  std::set<net::NodeId> branched;
  for (const PositiveBranch& branch : positive_branches(graph)) {
    branched.insert({branch.positive, graph.node(branch.sum).inputs[0]});
    rules.push_back({branch.sum, GradientRuleKind::share, branch.positive, options.gamma, options.epsilon});
    rules.push_back({branch.positive, GradientRuleKind::follow, branch.sum, options.gamma});
  }
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    if (is_weighted(graph, id) && !branched.contains(id))
      rules.push_back({.node = id, .kind = GradientRuleKind::share, .epsilon = options.epsilon});
  }
  return rules;
}

}  // namespace

net::Graph lrp_epsilon_graph(const net::Graph& graph) {
  return graph;
}

net::Graph lrp_gamma_graph(const net::Graph& graph) {
  return with_positive_branches(graph);
}

std::vector<net::NodeId> lrp_observed(const net::Graph& graph) {
  std::vector<net::NodeId> nodes = {masked_input(graph)};
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    if (is_weighted(graph, id)) nodes.push_back(id);
  }
  for (const PositiveBranch& branch : positive_branches(graph)) nodes.push_back(branch.sum);
  return nodes;
}

DoubleTensor lrp(engine::Plan& plan, const Question& question, const LrpOptions& options) {
  const net::NodeId from = masked_input(plan.graph());
  const auto pass = plan.forward(question.image);
  DoubleTensor relevance;
  plan.backward(
      *pass, question.score.seeds(pass->logits(), question.classes), {&from, 1},
      [&](const engine::Observation& at) {
        relevance = at.read_gradient(0);
        const DoubleTensor value = at.read(0);
        std::ranges::transform(relevance.values(), value.values(), relevance.data(), std::multiplies<>());
      },
      {}, rules_of(plan.graph(), options));
  return relevance;
}

}  // namespace faultline::heatmap
