#pragma once

#include <cstdint>
#include <memory>

#include "engine/kernel_table.h"
#include "engine/onednn/conv_path.h"
#include "engine/onednn/conv_problem.h"

namespace faultline::engine::onednn {

class Context;

// What the choice depends on. `block`: the channel block of the instruction set in use (layouts.h).
ConvSignature signature_of(const ConvProblem& problem, Direction direction, std::int64_t block);

// The way to compute one direction of a convolution that the context's table and precision choose.
std::unique_ptr<ConvPath> make_conv_path(const ConvProblem& problem, Direction direction, Context& context);
// By one algorithm; null if the problem has no such way.
std::unique_ptr<ConvPath> make_conv_path(ConvAlgorithm algorithm, const ConvProblem& problem,
                                         Direction direction, Context& context);

}  // namespace faultline::engine::onednn
