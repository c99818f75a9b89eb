#include "engine/precision.h"

#include <array>

#include "base/named.h"

namespace faultline::engine {

namespace {

struct NamedPrecision {
  std::string_view name;
  Precision precision;
};

constexpr std::array kPrecisions = {
    NamedPrecision{"f32", Precision::f32},
    NamedPrecision{"fast", Precision::fast},
    NamedPrecision{"bf16", Precision::bf16},
};

}  // namespace

std::vector<std::string> precision_names() {
  std::vector<std::string> names;
  for (const NamedPrecision& entry : kPrecisions) names.emplace_back(entry.name);
  return names;
}

std::string_view name_of(Precision precision) {
  return kPrecisions.at(static_cast<std::size_t>(precision)).name;
}

Precision precision_named(std::string_view name) {
  return named(std::span<const NamedPrecision>(kPrecisions), name, "precision").precision;
}

}  // namespace faultline::engine
