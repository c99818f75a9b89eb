#pragma once

#include <string_view>

#include "attack/options.h"

namespace faultline::attack {

// A size in pixel units, written as a fraction ("8/255") or a decimal ("0.03", "1e-3").
//   "8/255" -> 8.0f / 255. Range [0, largest]; largest is 1 for Linf, kLargestL2 for L2.
// Throws Error{usage} naming the text if it is not such a number, negative, NaN, infinite or too large.
float parse_pixels(std::string_view text, float largest = 1);

// No perturbation of an image is longer: sqrt(3 * 2^26), for 3 channels of 8192 x 8192 pixels.
inline constexpr float kLargestL2 = 14189.0F;

// Throws Error{usage} unless 0 <= eps <= 1 (Linf) or kLargestL2 (L2).
void check_ball(const Ball& ball);

}  // namespace faultline::attack
