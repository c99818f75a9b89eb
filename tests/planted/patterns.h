#pragma once

#include <cstddef>
#include <vector>

namespace faultline::test {

// Pictures of the planted networks are [3,16,16]: four patches of 8 x 8 pixels, each seen as one vector.
inline constexpr int kClasses = 8;
inline constexpr int kPatchSide = 8;
inline constexpr int kPictureSide = 16;
inline constexpr std::size_t kPatchValues = 3 * kPatchSide * kPatchSide;

// [3,8,8] of values -1 and 1. Content is what a picture shows, and tells its class: coarse. A texture changes
// sign from pixel to pixel: no picture holds much of it. All are orthogonal to each other and to a constant.
std::vector<double> content_of(int of_class);
std::vector<double> texture_of(int of_class);

}  // namespace faultline::test
