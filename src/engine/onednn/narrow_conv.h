#pragma once

#include <memory>

#include "engine/onednn/conv_path.h"
#include "engine/onednn/conv_problem.h"

namespace faultline::engine::onednn {

// Whether narrow_conv can compute the problem: one group, a source of at most 4 channels in plain layout (an
// image), a blocked destination.
bool has_narrow(const ConvProblem& problem);

// Backward of a convolution of images: dx[c,p] = sum over o and taps of dy[o,q] w[o,c,tap], the output
// channels as lanes, written in plain layout. oneDNN computes it in blocks of channels only, most of which
// would be padding.
std::unique_ptr<ConvPath> make_narrow_conv(const ConvProblem& problem);

}  // namespace faultline::engine::onednn
