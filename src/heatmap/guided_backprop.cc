#include "heatmap/guided_backprop.h"

#include <variant>

#include "heatmap/gradient.h"

namespace faultline::heatmap {
namespace {

bool is_rectifier(const net::Operator& op) {
  const auto* clip = std::get_if<net::Clip>(&op);
  return std::holds_alternative<net::Relu>(op) || (clip != nullptr && clip->min == 0);
}

}  // namespace

DoubleTensor guided_backprop(engine::Plan& plan, const Question& question) {
  const net::Graph& graph = plan.graph();
  std::vector<engine::GradientRule> rules;
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    if (graph.is_variable(id) && is_rectifier(graph.node(id).op))
      rules.push_back({.node = id, .kind = engine::GradientRuleKind::rectify});
  }
  return DoubleTensor(image_gradients(plan, question.image, question.score, question.classes, rules).row(0));
}

}  // namespace faultline::heatmap
