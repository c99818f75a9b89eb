#pragma once

#include "engine/engine.h"

namespace faultline::engine {

// Float kernels of oneDNN and of our own, on layouts chosen once for the network.
//   A row's result is the same bits whatever the batch holds: convolutions run image by image, dense layers
//   sum each row in one order. It is the same bits for every number of compute threads on the networks that
//   the tests run (1 to 4 threads; tests/engine/onednn); oneDNN does not promise it. It depends on the
//   instruction set (ONEDNN_MAX_CPU_ISA), which decides layouts and kernels. A second call creates no
//   primitive. It reorders only where a step has to convert its values: operators without a kernel of their
//   own, and convolutions that oneDNN computes on other layouts.
class OneDnnEngine final : public Engine {
 public:
  std::string name() const override { return "onednn"; }
  std::unique_ptr<Plan> compile(const net::Graph& graph, const CompileOptions& options) const override;
};

}  // namespace faultline::engine
