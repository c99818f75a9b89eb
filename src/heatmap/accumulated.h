#pragma once

#include <functional>

#include "heatmap/question.h"

namespace faultline::heatmap {

// The mean gradient [3,H,W] over `count` images made of the question's; write(i, image) writes the i-th. The
// classes are those of the question's image. Sums are made in the order of i, whatever the batches.
// Throws ContractError unless count > 0 and max_batch > 0.
DoubleTensor mean_gradient(engine::Plan& plan, const Question& question, int count,
                           const std::function<void(int i, MutableTensorView image)>& write);

}  // namespace faultline::heatmap
