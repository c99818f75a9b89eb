#pragma once

#include <memory>

#include "engine/kernel_table.h"
#include "engine/onednn/conv_path.h"
#include "engine/onednn/conv_problem.h"

namespace faultline::engine::onednn {

class Context;

// The way to compute one direction of a convolution that the context's table and precision choose.
std::unique_ptr<ConvPath> make_conv_path(const ConvProblem& problem, Direction direction, Context& context);
// By one algorithm; null if the problem has no such way.
std::unique_ptr<ConvPath> make_conv_path(ConvAlgorithm algorithm, const ConvProblem& problem,
                                         Direction direction, Context& context);

}  // namespace faultline::engine::onednn
