#include "engine/executor/executor.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "engine/executor/backward.h"
#include "engine/executor/forward.h"

namespace faultline::engine {

namespace {

template <class S>
NodeSet observed_set(const net::Graph& graph, const CompileOptions& options, const Program<S>& program) {
  NodeSet has_value(at(graph.size()), false);
  has_value[at(graph.input())] = true;
  for (const Step<S>& step : program.steps) has_value[at(step.node)] = true;
  NodeSet observed(at(graph.size()), false);
  std::vector<net::NodeId> nodes = options.observed;
  nodes.push_back(graph.input());
  nodes.push_back(graph.output());
  for (const net::NodeId node : nodes) {
    require(node >= 0 && node < graph.size() && has_value[at(node)],
            "CompileOptions: an observed node has no value of its own");
    observed[at(node)] = true;
  }
  return observed;
}

template <class S>
NodeSet non_affine_set(const net::Graph& graph, const Program<S>& program) {
  NodeSet nodes(at(graph.size()), false);
  for (const Step<S>& step : program.steps) nodes[at(step.node)] = !step.affine;
  return nodes;
}

template <class S>
Machine<S> make_machine(net::Graph graph, const CompileOptions& options, Program<S> program) {
  require(program.layouts.size() == at(graph.size()) && program.sample_shapes.size() == at(graph.size()),
          "Program: one layout and one sample shape for each node");
  const Shape& logits = program.sample_shapes[at(graph.output())];
  if (logits.rank() != 1) {
    throw Error(ErrorKind::model, "output '" + graph.node(graph.output()).name + "' has the sample shape " +
                                      logits.to_string() + ", expected a vector of logits");
  }
  NodeSet observed = observed_set(graph, options, program);
  NodeSet non_affine = non_affine_set(graph, program);
  return {.graph = std::move(graph),
          .observed = std::move(observed),
          .freezable = options.freezable,
          .non_affine = std::move(non_affine),
          .program = std::move(program)};
}

template <class S>
class Executor final : public Plan {
 public:
  Executor(net::Graph graph, const CompileOptions& options, Program<S> program)
      : machine_(make_machine(std::move(graph), options, std::move(program))) {}

  const net::Graph& graph() const override { return machine_.graph; }

  std::unique_ptr<Pass> forward(TensorView images, std::span<const Intervention> interventions) override {
    const Shape& sample = machine_.sample_shape(machine_.graph.input());
    require(images.shape().rank() == sample.rank() + 1 && images.shape().without_leading() == sample,
            "Plan::forward: the images do not have the shape of the Input");
    auto pass = std::make_unique<ExecutorPass<S>>(machine_, static_cast<int>(images.shape()[0]));
    pass->changes = resolve<S>(machine_, pass->rows(), interventions, nullptr, {});
    ForwardRun<S> run(machine_, *pass);
    run.load(images);
    run.run();
    pass->finish();
    return pass;
  }

  std::unique_ptr<Pass> resume(const Pass& base, net::NodeId from, std::span<const int> rows,
                               std::span<const Intervention> interventions) override {
    const ExecutorPass<S>& own = own_pass(machine_, base);
    require(from >= 0 && from < machine_.graph.size(), "Plan::resume: no such node");
    require(std::all_of(rows.begin(), rows.end(), [&](int row) { return row >= 0 && row < own.rows(); }),
            "Plan::resume: no such row in the base");
    auto pass = std::make_unique<ExecutorPass<S>>(machine_, static_cast<int>(rows.size()));
    pass->reachable = descendants(machine_.graph, std::span(&from, 1));
    for (const Intervention& intervention : interventions) {
      require(intervention.node >= 0 && intervention.node < machine_.graph.size() &&
                  pass->reachable[at(intervention.node)],
              "Plan::resume: an intervention's node does not depend on the node to resume from");
    }
    pass->changes = resolve(machine_, pass->rows(), interventions, &own, rows);
    ForwardRun<S>(machine_, *pass, own, rows).run();
    pass->finish();
    return pass;
  }

  void backward(const Pass& pass, const Seeds& seeds, std::span<const net::NodeId> points,
                const GradientVisitor& visit, MutableTensorView image_gradient,
                std::span<const GradientRule> rules) override {
    BackwardSweep<S>(machine_, own_pass(machine_, pass), seeds, rules).run(points, visit, image_gradient);
  }

  Counters counters() const override {
    Counters counters{.buffer_allocations = machine_.pool.allocations(),
                      .multiply_adds = machine_.multiply_adds};
    for (const Step<S>& step : machine_.program.steps) {
      counters.primitives_created += step.kernel->primitives_created();
      counters.reorders += step.kernel->reorders();
    }
    return counters;
  }

  std::vector<StepTime> times() const override {
    std::vector<StepTime> times;
    for (const Step<S>& step : machine_.program.steps) {
      times.push_back({step.node, step.kernel->implementation(), step.forward_s, step.backward_s,
                       step.kernel->multiply_adds()});
    }
    return times;
  }

 private:
  Machine<S> machine_;
};

}  // namespace

template <class S>
std::unique_ptr<Plan> make_executor(net::Graph graph, const CompileOptions& options, Program<S> program) {
  return std::make_unique<Executor<S>>(std::move(graph), options, std::move(program));
}

template std::unique_ptr<Plan> make_executor(net::Graph, const CompileOptions&, Program<float>);
template std::unique_ptr<Plan> make_executor(net::Graph, const CompileOptions&, Program<double>);

}  // namespace faultline::engine
