#pragma once

#include <cstddef>
#include <vector>

#include "findings/evidence.h"
#include "findings/selection.h"
#include "findings/stored_run.h"
#include "findings/twin_steps.h"

namespace faultline::findings {

// Steps of the adversarial input at the convolution layers, one row for each image that has any.
struct ConvolutionSteps {
  std::vector<std::size_t> points;          // the layers' points, in the order of the network
  std::vector<std::vector<Measured>> rows;  // [images][points]
};

// twins: whose mean step is taken off, without changing which images have a row; null: nothing is.
ConvolutionSteps convolution_steps(const StoredRun& run, const ConditionEvidence& evidence,
                                   Selection selection, const TwinSteps* twins = nullptr);

// The share of the others that one of the steps is above, ties counted half. Missing without it or others.
Measured outranked(const std::vector<Measured>& steps, std::size_t one);

}  // namespace faultline::findings
