#pragma once

#include <utility>

#include "engine/engine.h"

namespace faultline::engine {

// Float kernels of oneDNN and of our own, on layouts chosen once for the network.
//   A row's result is the same bits whatever the batch holds and wherever the row stands in it: direct
//   convolutions run image by image, Winograd's tiles and dense layers sum each row in one order, everything
//   else is element by element. Convolutions run on the kernels that the precision and the kernel table
//   choose (kernel_table.h). A row's result is the same bits for 1 to 4 compute threads too
//   (tests/engine/onednn/rows_test.cc; oneDNN does not promise it) as long as no convolution runs on oneDNN's
//   matrix product ("gemm"), where threads differ by round-off: all on SSE4.1; elsewhere those without a
//   blocked kernel, as odd groups or a padded 1x1. Results depend on the instruction set
//   (ONEDNN_MAX_CPU_ISA), which decides layouts and kernels. A second call creates no primitive and leases
//   the same buffers. It reorders only where a step has to convert values: operators without a kernel of
//   their own, and convolutions that oneDNN computes on other layouts only, as the gradient of the image.
class OneDnnEngine final : public Engine {
 public:
  explicit OneDnnEngine(EngineOptions options = {}) : options_(std::move(options)) {}
  std::string name() const override { return "onednn"; }
  std::vector<std::pair<std::string, std::string>> settings() const override;
  std::unique_ptr<Plan> compile(const net::Graph& graph, const CompileOptions& options) const override;

 private:
  EngineOptions options_;
};

}  // namespace faultline::engine
