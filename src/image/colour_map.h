#pragma once

#include <array>

#include "tensor/tensor.h"

namespace faultline {

// Colours for numbers in [0,1]. The lightness (CIE L*) of the first three rises evenly from dark to light, so
// that equal steps look equal, also to colour-blind readers and in print; that of `blue_red`, for signed
// values, rises to the white middle (0.5) and falls from it.
//   Anchors: viridis, magma and inferno of matplotlib (CC0), RdBu of ColorBrewer (reversed), blended in
//   CIELAB.
enum class ColourMap { viridis, magma, inferno, blue_red };

// sRGB in [0,1]. Values outside [0,1] are clipped; throws ContractError on NaN.
std::array<float, 3> colour_of(ColourMap map, float value);

// values [h,w] in [0,1] -> sRGB [3,h,w].
Tensor colourise(TensorView values, ColourMap map);

}  // namespace faultline
