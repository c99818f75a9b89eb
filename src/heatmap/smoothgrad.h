#pragma once

#include "heatmap/question.h"

namespace faultline::heatmap {

struct SmoothgradOptions {
  int samples = 25;
  double sigma = 0.15;  // standard deviation of the noise, pixel units
};

// SmoothGrad [3,H,W], signed (Smilkov et al., "SmoothGrad: removing noise by adding noise", 2017):
//   1/n sum over i of ds/dx at x + sigma e_i,   e_i independent normal numbers
// The noisy images are not clipped to [0,1]. e_i is the stream "<key>/smoothgrad/sample=<i>" of the seed, so
// that the result depends on no batch. Costs n forward and n backward passes, in batches.
// Throws ContractError unless samples > 0 and max_batch > 0.
DoubleTensor smoothgrad(engine::Plan& plan, const Question& question, const SmoothgradOptions& options = {});

}  // namespace faultline::heatmap
