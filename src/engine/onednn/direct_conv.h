#pragma once

#include <memory>

#include "engine/onednn/conv_choice.h"
#include "engine/onednn/conv_path.h"

namespace faultline::engine::onednn {

class Context;

// The convolution by oneDNN's direct sum, image by image, converting rows where oneDNN computes in other
// layouts.
//   f32: null never; Error{model} if oneDNN cannot compute it at all. bf16: what is read is rounded to bf16
//   first; null if oneDNN has no fast implementation.
std::unique_ptr<ConvPath> make_direct_conv(const ConvProblem& problem, Direction direction, ProductType type,
                                           Context& context);

}  // namespace faultline::engine::onednn
