#pragma once

#include <span>

#include "attack/options.h"
#include "base/philox.h"
#include "tensor/tensor.h"

namespace faultline::attack {

// The points that the Square Attack tries round one clean image [C,H,W] (Andriushchenko et al. 2020, section
// 3.2 to 3.4, as in the AutoAttack code). They are on the ball's surface, clamped to [0,1].
//   Numbers are drawn in this order, each an index of the stream (RandomStream::below): the squares' corners,
// row before column, each uniform below max(extent - side, 1), so that no square touches the last row or
// column unless it fills the image; for l2 whether the pattern is transposed (0 of 2); each channel's sign
// (0 of 2 is minus).

// x <- the start. linf: clean +- eps, one sign for each channel and column (vertical stripes). l2: patterns
// (square_pattern.h) side by side, of side max(floor(H/5), 1), from floor((H - 5 side)/2) down and right;
// drawn for each, row by row: transposed or not, and signs.
void square_start(const Ball& ball, const RandomStream& stream, TensorView clean, MutableTensorView x);

// x <- what is tried instead of `best` at a query. linf: clean +- eps in one square, one sign a channel.
//   l2: with d = best - clean, squares V and W, u the pattern with signs, e_c = u_c + d_c(V)/|d_c(V)|:
//   d_c(W) <- 0, then d_c(V) <- e_c/|e_c| sqrt(max(eps^2 - |d|^2, 0)/C + |d(V or W)|^2), and d is scaled to
//   length eps.
// The numbers of query q = 0, 1, ... have the indices q (C + 5), q (C + 5) + 1, ...
// pattern: square_pattern(side), not looked at for linf.
void square_proposal(const Ball& ball, const RandomStream& stream, int query, std::int64_t side,
                     std::span<const double> pattern, TensorView clean, TensorView best, MutableTensorView x);

}  // namespace faultline::attack
