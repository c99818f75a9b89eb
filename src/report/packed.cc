#include "report/packed.h"

#include <bit>
#include <limits>
#include <span>

#include "base/base64.h"

namespace faultline::report {

namespace {

static_assert(std::endian::native == std::endian::little, "packed arrays are little-endian");

template <class Value>
std::string text_of(const std::vector<Value>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return base64({static_cast<const std::uint8_t*>(static_cast<const void*>(bytes.data())), bytes.size()});
}

}  // namespace

nlohmann::ordered_json packed(const std::vector<float>& values) {
  return {{"f32", text_of(values)}};
}

nlohmann::ordered_json packed(const std::vector<std::int32_t>& values) {
  return {{"i32", text_of(values)}};
}

float or_nan(const std::optional<double>& value) {
  return value ? static_cast<float>(*value) : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace faultline::report
