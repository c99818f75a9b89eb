#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultline::engine {

// How exactly the onednn engine computes convolutions; all else is always float32. docs/accuracy.md has the
// measured errors.
//   f32   direct sums of float32 products
//   fast  also Winograd's algorithm for 3x3 convolutions: a quarter of the products, 2 to 3 times the
//   round-off (the default) bf16  what is multiplied is rounded to bfloat16 (8 bits), sums are float32
enum class Precision { f32, fast, bf16 };

std::vector<std::string> precision_names();
std::string_view name_of(Precision precision);
// Throws Error{usage} listing the names.
Precision precision_named(std::string_view name);

}  // namespace faultline::engine
