#pragma once

#include "attack/options.h"
#include "base/philox.h"
#include "tensor/tensor.h"

namespace faultline::attack {

// clean + d as a float in [0,1], rounded towards clean: |result - clean| <= |d|. clean in [0,1].
float moved(float clean, double d);

// A length of eps kInsideL2 as computed is within eps in exact arithmetic: a sum of n squares is off by at
// most n 2^-53 relative, 2^-26 for the largest images.
inline constexpr double kInsideL2 = 1 - 0x1p-26;

// The size of x - clean in the norm, summed in double in index order. Shapes equal.
double distance(Norm norm, TensorView clean, TensorView x);

// Moves x to the ball round the clean image and into [0,1]:
//   Linf: x_i <- x_i clamped to [clean_i - eps, clean_i + eps] and to [0,1]: the nearest such point.
//   L2:   d = x - clean is scaled by min(1, eps/|d|), then clean + d is clamped to [0,1], which only shortens
//         d as clean is in [0,1].
// Values are rounded to float towards the clean image, so that |x - clean| <= eps holds as computed in exact
// arithmetic. clean, x: one image each, of the same shape; clean in [0,1].
void project(const Ball& ball, TensorView clean, MutableTensorView x);

// x <- a random point of the ball, clamped to [0,1] (which may shorten it):
//   Linf: d_i uniform in [-eps, eps];  L2: d uniform in the ball (a normal direction, radius eps u^(1/n)).
void random_start(const Ball& ball, const RandomStream& stream, TensorView clean, MutableTensorView x);

// x <- a random point of the ball's surface, clamped to [0,1] (which may shorten it): d = eps t/|t| in the
// ball's norm, t_i uniform in (-1, 1) for Linf, normal for L2.
void surface_start(const Ball& ball, const RandomStream& stream, TensorView clean, MutableTensorView x);

}  // namespace faultline::attack
