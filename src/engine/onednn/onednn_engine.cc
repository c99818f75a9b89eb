#include "engine/onednn/onednn_engine.h"

#include "engine/executor/executor.h"
#include "engine/onednn/lowering.h"

namespace faultline::engine {

std::vector<std::pair<std::string, std::string>> OneDnnEngine::settings() const {
  return {{"precision", std::string(name_of(options_.precision))},
          {"kernel_table", options_.kernels.sha256()}};
}

std::unique_ptr<Plan> OneDnnEngine::compile(const net::Graph& graph, const CompileOptions& options) const {
  return make_executor(graph, options, onednn::lower(graph, options, options_).program);
}

}  // namespace faultline::engine
