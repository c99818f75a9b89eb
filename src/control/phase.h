#pragma once

#include "control/control.h"

namespace faultline::control {

// d with random phases added to its Fourier transform: with D_c = F(d_c), W = F(white noise [H,W]),
//   n_c = F^-1(D_c W/|W|), W/|W| taken as 1 at frequency 0.
// One field of phases for all channels: the power spectrum of each channel, their cross spectra and means (so
// also their std) stay those of d. Real since W(-k) = conj W(k) is made to hold exactly.
DoubleTensor phase(const ControlInput& input, const RandomStream& stream);

}  // namespace faultline::control
