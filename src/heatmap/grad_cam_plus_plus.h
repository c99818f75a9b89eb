#pragma once

#include "heatmap/channel_sum.h"

namespace faultline::heatmap {

// Grad-CAM++ heatmaps of one layer (Chattopadhay et al., "Grad-CAM++: Improved Visual Explanations for Deep
// Convolutional Networks", WACV 2018, eq. 5 and 19, for the class score exp(s)).
//   H[r,y,x] = relu(sum_k w[r,k] A[r,k,y,x]),   g = ds_r/dA,   S[r,k] = sum over y,x of A[r,k,y,x]
//   w[r,k] = sum over y,x with g > 0 of g / (2 + g S),   0 where |2 + g S| < 1e-12
// The published weight, alpha relu(g) with alpha = g^2 / (2 g^2 + g^3 S), is the same number but 0/0 where
// g = 0; its factor exp(s) is common to all channels and left out, as maps are not normalised.
inline constexpr ChannelSum kGradCamPlusPlus{.summand = engine::Term::activation,
                                             .weights = ChannelSum::Weights::sums,
                                             .weighted_by = engine::Term::damped_positive_gradient};

}  // namespace faultline::heatmap
