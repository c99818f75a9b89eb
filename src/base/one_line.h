#pragma once

#include <string>
#include <string_view>

namespace faultline {

// A message as one line of at most 2,000 bytes: names in a hostile file may hold line breaks, escape codes or
// a megabyte of text. Control characters become '?'.
std::string one_line(std::string_view message);

}  // namespace faultline
