#pragma once

#include "engine/engine.h"

namespace faultline::engine {

// Plain loops in double precision, nothing fused: the executable specification (net's reference kernels) as
// an engine. Results do not depend on batch size, batch position or the number of threads, bit for bit.
class ReferenceEngine final : public Engine {
 public:
  std::string name() const override { return "reference"; }
  std::unique_ptr<Plan> compile(const net::Graph& graph, const CompileOptions& options) const override;
};

}  // namespace faultline::engine
