#include "engine/onednn/onednn_engine.h"

#include "engine/executor/executor.h"
#include "engine/onednn/lowering.h"

namespace faultline::engine {

std::unique_ptr<Plan> OneDnnEngine::compile(const net::Graph& graph, const CompileOptions& options) const {
  return make_executor(graph, options, onednn::lower(graph, options).program);
}

}  // namespace faultline::engine
