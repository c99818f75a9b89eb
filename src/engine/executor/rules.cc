#include "engine/executor/rules.h"

#include <algorithm>

#include "base/error.h"
#include "base/parallel.h"

namespace faultline::engine {

namespace {

template <class S>
bool has_value(const ExecutorPass<S>& pass, net::NodeId node) {
  return node >= 0 && node < std::ssize(pass.nodes) && !pass.nodes[at(node)].values.empty();
}

// b is null where there is no other.
template <class S>
void share(const S* a, const S* b, const GradientRule& rule, std::int64_t elements, S* gradient) {
  const auto amount = static_cast<S>(rule.amount);
  const auto epsilon = static_cast<S>(rule.epsilon);
  for (std::int64_t e = 0; e < elements; ++e) {
    const S sum = b == nullptr ? a[e] : a[e] + amount * b[e];
    const S divisor = sum < 0 ? sum - epsilon : sum + epsilon;
    gradient[e] = divisor == 0 ? S{} : gradient[e] * (a[e] / divisor);
  }
}

}  // namespace

template <class S>
Rules<S>::Rules(Machine<S>& machine, const ExecutorPass<S>& pass, std::span<const GradientRule> rules)
    : machine_(machine), pass_(pass) {
  for (const GradientRule& rule : rules) {
    require(has_value(pass, rule.node), "GradientRule: a node without a value of its own");
    const bool has_other = rule.kind == GradientRuleKind::follow || rule.other >= 0;
    require(!has_other ||
                (has_value(pass, rule.other) && machine.layout(rule.other) == machine.layout(rule.node)),
            "GradientRule: the other node needs a value of the node's shape");
    require(rule.kind != GradientRuleKind::follow || rule.other > rule.node,
            "GradientRule: only a later node can be followed");
    by_node_[rule.node].push_back(rule);
    if (rule.kind == GradientRuleKind::follow) followed_.try_emplace(rule.other);
  }
}

template <class S>
void Rules<S>::apply(net::NodeId node, std::span<const int> seed_rows, const LeasedRows<S>& gradient) {
  if (const auto rules = by_node_.find(node); rules != by_node_.end()) {
    for (const GradientRule& rule : rules->second) apply_one(rule, seed_rows, gradient);
  }
  if (followed_.contains(node)) keep(node, gradient);
}

template <class S>
void Rules<S>::apply_one(const GradientRule& rule, std::span<const int> seed_rows,
                         const LeasedRows<S>& gradient) {
  const std::int64_t elements = machine_.layout(rule.node).row_elements();
  const auto value = [&](net::NodeId node, std::size_t i) {
    return pass_.nodes[at(node)].values[at(seed_rows[i])];
  };
  const LeasedRows<S>* followed = nullptr;
  if (rule.kind == GradientRuleKind::follow) {
    followed = &followed_.at(rule.other);
    require(!followed->empty(), "GradientRule: no gradient has gone through the followed node");
  }
  parallel_for(static_cast<std::int64_t>(seed_rows.size()), [&](std::int64_t index) {
    const auto i = static_cast<std::size_t>(index);
    S* g = gradient.rows[i];
    switch (rule.kind) {
      case GradientRuleKind::rectify:
        std::transform(g, g + elements, g, [](S x) { return x > 0 ? x : S{}; });
        break;
      case GradientRuleKind::share:
        share(value(rule.node, i), rule.other < 0 ? nullptr : value(rule.other, i), rule, elements, g);
        break;
      case GradientRuleKind::follow:
        std::transform(followed->rows[i], followed->rows[i] + elements, g,
                       [&](S x) { return static_cast<S>(rule.amount) * x; });
        break;
    }
  });
}

template <class S>
void Rules<S>::keep(net::NodeId node, const LeasedRows<S>& gradient) {
  LeasedRows<S>& kept = followed_.at(node);
  const std::int64_t elements = machine_.layout(node).row_elements();
  kept = LeasedRows<S>{machine_.pool, gradient.rows.size(), machine_.largest_row()};
  for (std::size_t i = 0; i < gradient.rows.size(); ++i)
    std::copy_n(gradient.rows[i], elements, kept.rows[i]);
}

template class Rules<float>;
template class Rules<double>;

}  // namespace faultline::engine
