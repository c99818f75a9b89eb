#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace faultline {

// The entry of a table with that name. Throws Error{usage} saying `what` it is and listing the names.
template <class Entry>
const Entry& named(std::span<const Entry> table, std::string_view name, const std::string& what) {
  std::string known;
  for (const Entry& entry : table) {
    if (entry.name == name) return entry;
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw Error(ErrorKind::usage,
              "unknown " + what + " '" + std::string(name) + "'; expected one of: " + known);
}

}  // namespace faultline
