#pragma once

#include <memory>

#include "engine/engine.h"
#include "engine/kernel.h"

namespace faultline::engine {

// Runs a lowered network: the one implementation of Plan and Pass, on which engines differ in their kernels
// alone. S is float or double.
//   program: one layout and sample shape for each node of `graph`, steps in topological order; every observed
//   node and the output have a step (or are the Input). The output's sample is a vector of logits.
// A pass keeps the values of all steps. Its rows are buffers of their own, which the plan leases out again.
// Throws ContractError if the program does not fit; Error{model} if the output is no vector.
template <class S>
std::unique_ptr<Plan> make_executor(net::Graph graph, const CompileOptions& options, Program<S> program);

}  // namespace faultline::engine
