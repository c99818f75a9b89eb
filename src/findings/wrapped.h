#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace faultline::findings {

// A text in lines of at most `width` columns, broken at spaces, each with so many spaces before it. A word
// that is longer has a line of its own. Control characters become '?'.
std::string wrapped(std::string_view text, std::size_t indent = 0, std::size_t width = 100);

}  // namespace faultline::findings
