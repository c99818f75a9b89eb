#pragma once

#include "control/control.h"

namespace faultline::control {

inline constexpr double kLargestFlipStd =
    0.25;  // pixel units; beyond it the smallest flipping std is censored

// Independent normal noise of mean 0 and standard deviation kLargestFlipStd: at scale s its deviation is s
// times that (before clipping).
DoubleTensor flip_gaussian(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
