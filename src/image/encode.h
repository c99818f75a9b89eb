#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "tensor/tensor.h"

namespace faultline {

// The nearest of the levels 0, 1, .. maximum to value * maximum, halves upwards; values outside [0,1] are
// clipped. Throws ContractError on NaN.
int to_level(float value, int maximum);

// Every value to the nearest k/255, clipped to [0,1]: what a reader gets back from an 8-bit file. Any shape.
Tensor round_to_8bit(TensorView pixels);

// pixels [3,H,W] in [0,1], RGB, clipped and rounded -> a PNG of 8 or 16 bits a channel.
// Throws ContractError on another shape, no pixels, NaN or another number of bits.
std::string encode_png(TensorView pixels, int bits = 8);

// The same for a drawn figure, rgb [height,width,3], with less effort: five times as fast and a sixth larger.
std::string encode_figure_png(std::span<const unsigned char> rgb, int width, int height);

// pixels [3,H,W] in [0,1], RGB, clipped and rounded to 8 bits -> a lossy WebP, quality 0 to 100: for the eye.
// Throws ContractError on another shape, no pixels, NaN, another quality or more than 16383 pixels a side.
std::string encode_webp(TensorView pixels, int quality);

// Writes a PNG atomically. Throws Error{io}.
void write_png(const std::filesystem::path& path, TensorView pixels, int bits = 8);

}  // namespace faultline
