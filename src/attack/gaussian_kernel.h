#pragma once

#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace faultline::attack {

// A Gaussian at `size` (odd) places, from -reach to reach standard deviations, with sum 1. Size 1: {1}.
std::vector<double> gaussian_kernel(int size, double reach);

// Each channel of [C,H,W] convolved with kernel x kernel, in place; beyond the border are zeros.
void smooth(std::span<const double> kernel, MutableTensorView values);

}  // namespace faultline::attack
