// 200 random networks: the reference engine against net's reference, everything in float against that.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/parallel.h"
#include "engine/close.h"
#include "engine/common/generic_kernel.h"
#include "engine/common/sample_shapes.h"
#include "engine/compare_plans.h"
#include "engine/executor/executor.h"
#include "engine/networks.h"
#include "engine/random_graph.h"
#include "engine/run.h"
#include "net/reference.h"

namespace faultline {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::uint64_t kGraphs = 200;
constexpr double kDouble = std::numeric_limits<double>::epsilon();
constexpr double kFloat = double{std::numeric_limits<float>::epsilon()};

// About a third of the nodes, never none: what is not observed an engine may fuse.
std::vector<net::NodeId> some_nodes(const net::Graph& graph, std::uint64_t seed) {
  const RandomStream stream(seed, "observed");
  std::vector<net::NodeId> nodes;
  for (const net::NodeId id : test::variable_nodes(graph)) {
    if (stream.below(static_cast<std::uint64_t>(id), 3) == 0) nodes.push_back(id);
  }
  nodes.push_back(graph.output());
  return nodes;
}

// The networks are so small that threads cost more than they gain; every eighth runs on two all the same.
class RandomGraphs : public ::testing::Test {
 protected:
  void TearDown() override { set_compute_threads(0); }
};
void set_threads_for(std::uint64_t seed) {
  set_compute_threads(seed % 8 == 0 ? 2 : 1);
}

TEST_F(RandomGraphs, HoldEveryOperator) {
  std::set<std::size_t> kinds;
  for (std::uint64_t seed = 0; seed < kGraphs; ++seed) {
    const net::Graph graph = test::random_graph(seed);
    for (const net::Node& node : graph.nodes()) kinds.insert(node.op.index());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<net::Operator>);
}

TEST_F(RandomGraphs, TheReferenceEngineIsNetsReference) {
  for (std::uint64_t seed = 0; seed < kGraphs; ++seed) {
    SCOPED_TRACE(seed);
    set_threads_for(seed);
    const net::Graph graph = test::random_graph(seed);
    const auto plan = test::compile_all(graph, "reference");
    const auto& sample = std::get<net::Input>(graph.node(graph.input()).op).sample_shape;
    const Tensor images = test::random_tensor(Shape{2, sample[0], sample[1], sample[2]}, "images");
    const auto pass = plan->forward(images);
    const auto values = net::evaluate<double>(graph, test::to_double(images).view());
    const auto seeds = test::mixed_seeds(2, pass->logits().shape()[1]);
    const auto gradients = net::differentiate<double>(graph, values, seeds.logit_gradients.view());
    const auto nodes = test::variable_nodes(graph);
    const auto swept = test::sweep(*plan, *pass, seeds, nodes);
    const double tolerance =
        8 * kDouble * test::reduction_lengths(graph)[static_cast<std::size_t>(graph.output())];
    for (const net::NodeId node : nodes) {
      const auto i = static_cast<std::size_t>(node);
      for (int r = 0; r < 2; ++r) {
        EXPECT_LE(test::relative_l2(pass->observe(node).read(r), values[i].row(r)), tolerance);
        if (gradients[i].elements() == 0) continue;  // the logits do not depend on it
        EXPECT_LE(test::relative_l2(swept.at.at(node)[static_cast<std::size_t>(r)], gradients[i].row(r)),
                  tolerance);
      }
    }
  }
}

// The executor and the generic kernels in float, for which there is no engine.
constexpr const char* kGeneric = "generic";

std::unique_ptr<engine::Plan> compile_generic(const net::Graph& graph,
                                              const engine::CompileOptions& options) {
  engine::Program<float> program;
  program.sample_shapes = engine::sample_shapes(graph);
  for (const Shape& shape : program.sample_shapes) program.layouts.push_back(engine::plain_layout(shape));
  for (const net::NodeId node : test::variable_nodes(graph)) {
    if (node != graph.input())
      program.steps.push_back(engine::generic_step<float>(graph, program.sample_shapes, node));
  }
  return engine::make_executor(graph, options, std::move(program));
}

std::vector<std::string> engines_in_float() {
  std::vector<std::string> names = {kGeneric};
  for (const std::string& name : engine::engine_names()) {
    if (name != "reference") names.push_back(name);
  }
  return names;
}

class RandomGraphsOn : public RandomGraphs, public ::testing::WithParamInterface<std::string> {
 protected:
  static std::vector<std::string> differences(const net::Graph& actual, const net::Graph& expected,
                                              const std::vector<net::NodeId>& observed, bool freezable,
                                              std::uint64_t seed) {
    const engine::CompileOptions options{.observed = observed, .freezable = freezable};
    const auto plan = GetParam() == kGeneric ? compile_generic(actual, options)
                                             : engine::make_engine(GetParam())->compile(actual, options);
    const auto reference = engine::make_engine("reference")->compile(expected, options);
    return test::differences(*plan, *reference, observed, freezable, seed, kFloat);
  }
};

TEST_P(RandomGraphsOn, AgreeWithTheReferenceEngine) {
  for (std::uint64_t seed = 0; seed < kGraphs; ++seed) {
    set_threads_for(seed);
    const net::Graph graph = test::random_graph(seed);
    EXPECT_THAT(differences(graph, graph, some_nodes(graph, seed), seed % 2 == 0, seed), IsEmpty())
        << "seed " << seed;
  }
}

// The same network with each operator that has a telling parameter slightly wrong, one by one.
std::vector<net::Graph> wrong_graphs(const net::Graph& graph) {
  std::vector<net::Graph> wrong;
  for (net::NodeId wrong_id = 0; wrong_id < graph.size(); ++wrong_id) {
    net::Graph copy;
    bool changed = false;
    for (net::NodeId id = 0; id < graph.size(); ++id) {
      net::Node node = graph.node(id);
      if (id == wrong_id && std::holds_alternative<net::Relu>(node.op)) {
        node.op = net::LeakyRelu{.alpha = 0.01f};
        changed = true;
      } else if (id == wrong_id && std::holds_alternative<net::Sigmoid>(node.op)) {
        node.op = net::Tanh{};
        changed = true;
      } else if (auto* gemm = std::get_if<net::Gemm>(&node.op); id == wrong_id && gemm != nullptr) {
        gemm->beta = 1.001f;
        changed = true;
      }
      copy.add(node.name, node.op, node.inputs);
    }
    copy.set_output(graph.output());
    if (changed) wrong.push_back(copy);
  }
  return wrong;
}

TEST_P(RandomGraphsOn, AWrongOperatorIsFound) {
  const net::Graph graph = test::branched_network();
  const auto observed = test::variable_nodes(graph);
  const auto wrong = wrong_graphs(graph);
  ASSERT_EQ(wrong.size(), 4u);
  for (const net::Graph& other : wrong)
    EXPECT_THAT(differences(other, graph, observed, true, 1), Not(IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(All, RandomGraphsOn, ::testing::ValuesIn(engines_in_float()));

}  // namespace
}  // namespace faultline
