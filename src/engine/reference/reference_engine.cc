#include "engine/reference/reference_engine.h"

#include <utility>

#include "engine/common/generic_kernel.h"
#include "engine/common/sample_shapes.h"
#include "engine/executor/executor.h"

namespace faultline::engine {

std::unique_ptr<Plan> ReferenceEngine::compile(const net::Graph& graph, const CompileOptions& options) const {
  Program<double> program;
  program.sample_shapes = sample_shapes(graph);
  for (const Shape& shape : program.sample_shapes) program.layouts.push_back(plain_layout(shape));
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (graph.is_variable(node) && node != graph.input())
      program.steps.push_back(generic_step<double>(graph, program.sample_shapes, node));
  }
  return make_executor(graph, options, std::move(program));
}

}  // namespace faultline::engine
