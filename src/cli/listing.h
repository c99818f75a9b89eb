#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/parameter.h"

namespace faultline::cli {

// What a catalogue's table says of one of its entries.
struct ListedEntry {
  std::string_view name;
  std::string_view summary;
  std::string_view source;  // of the definition: a paper, or where faultline's own is described
  std::span<const Parameter> parameters = {};
};

// A catalogue for people: each entry with its parameters, their defaults, values and meaning, in columns.
std::string listing_text(std::span<const ListedEntry> entries);
// The same for programs, an array.
nlohmann::ordered_json listing_json(std::span<const ListedEntry> entries);

}  // namespace faultline::cli
