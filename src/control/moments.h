#pragma once

#include <span>

#include "tensor/tensor.h"

namespace faultline::control {

// Over what the mean and std of a noise equal those of the perturbation.
enum class Moments { per_channel, whole_image };

struct MeanAndStd {
  double mean = 0;
  double std = 0;  // ddof 0
};

// Two passes, summed in index order. Zero for no values.
MeanAndStd mean_and_std(std::span<const double> values);

// Shifts and scales the noise [C,H,W], each channel or the whole, to the sample mean and std of the
// perturbation [C,H,W]. A noise without spread becomes the mean.
void match_moments(TensorView perturbation, Moments moments, MutableDoubleTensorView noise);

}  // namespace faultline::control
