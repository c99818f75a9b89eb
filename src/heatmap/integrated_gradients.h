#pragma once

#include "heatmap/question.h"

namespace faultline::heatmap {

struct IntegratedGradientsOptions {
  int steps = 50;
  double baseline = 0;  // b, every pixel of the baseline image, pixel units
};

// Integrated gradients [3,H,W], signed (Sundararajan et al., "Axiomatic Attribution for Deep Networks", ICML
// 2017, eq. 1), by the midpoint rule:
//   (x - b) 1/m sum over i = 1 ... m of ds/dx at b + (i - 1/2)/m (x - b)
// Its sum tends to s(x) - s(b) as steps grow. Costs m forward and m backward passes, in batches.
// Throws ContractError unless steps > 0 and max_batch > 0.
DoubleTensor integrated_gradients(engine::Plan& plan, const Question& question,
                                  const IntegratedGradientsOptions& options = {});

}  // namespace faultline::heatmap
