#pragma once

#include "heatmap/channel_sum.h"

namespace faultline::heatmap {

// NoiseCAM heatmaps of one layer (Tan, Renkhoff et al., "NoiseCAM: Explainable AI for the Boundary Between
// Noise and Adversarial Attacks", arXiv 2303.06151, as in the authors' code).
//   H[r,y,x] = relu(sum_k (w[r,k] - relu(g[r,k,y,x])) A[r,k,y,x]),   g = ds_r/dA
//   w[r,k] = sum over y,x of a relu(E g) = E sum over y,x of a relu(g)
//   a = g^2 / (2 g^2 + g^3 S[r,k]), divided by its sum over y,x;   S[r,k] = sum over y,x of A[r,k,y,x]
//   E = exp(s_r)
// a is 1 / (2 + g S), 0 where g = 0 or |2 + g S| < 1e-12; a channel whose a sum to 0 has weight 0.
// E puts w on another scale than relu(g) unless s is a probability, hence variants that differ in s and E.
inline constexpr ChannelSum kNoiseCam{.summand = engine::Term::activation,
                                      .weights = ChannelSum::Weights::shares,
                                      .weighted_by = engine::Term::damped_positive_gradient,
                                      .divided_by = engine::Term::damping,
                                      .times_exponential = true,
                                      .less = engine::Term::positive_gradient_activation};

// The same with E = 1.
inline constexpr ChannelSum kScaleFreeNoiseCam{.summand = engine::Term::activation,
                                               .weights = ChannelSum::Weights::shares,
                                               .weighted_by = engine::Term::damped_positive_gradient,
                                               .divided_by = engine::Term::damping,
                                               .less = engine::Term::positive_gradient_activation};

}  // namespace faultline::heatmap
