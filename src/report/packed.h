#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace faultline::report {

// Arrays as a page reads them back in one step: {"f32": BASE64}, {"i32": BASE64}, little-endian.
// A missing number is NaN there, which only this form can hold.
nlohmann::ordered_json packed(const std::vector<float>& values);
nlohmann::ordered_json packed(const std::vector<std::int32_t>& values);

// For packed(): a value, or NaN.
float or_nan(const std::optional<double>& value);

}  // namespace faultline::report
