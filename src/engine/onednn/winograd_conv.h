#pragma once

#include <memory>

#include "engine/onednn/context.h"
#include "engine/onednn/conv_path.h"
#include "engine/onednn/conv_problem.h"

namespace faultline::engine::onednn {

// Whether winograd_conv can compute the problem: 3x3, stride and dilation 1, one group, at most 2 pads on a
// side, blocked channels on both sides.
bool has_winograd(const ConvProblem& problem);

// The convolution by Winograd's F(4x4, 3x3) (winograd_tile.h) in our own loops: a quarter of the products of
// the direct sum and 2 to 3 times its round-off. Backward is the forward convolution with the filters turned
// by 180 degrees. Tiles of all rows are computed together, each by itself, so that a result depends neither
// on the batch nor on threads.
//   Forward outputs that are exactly equal, because neighbouring patches are (equal_patches.h), are so bit
//   for
// bit, as direct sums are: round-off, which depends on the place in a tile, decides no pooling window.
//   oneDNN's own Winograd was measured 10 % slower over VGG-16, exists for AVX-512 only, and changes its
//   kernel, so its bits, with the batch.
std::unique_ptr<ConvPath> make_winograd_conv(const ConvProblem& problem, Direction direction,
                                             Context& context);

}  // namespace faultline::engine::onednn
