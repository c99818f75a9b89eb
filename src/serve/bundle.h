#pragma once

#include <span>

namespace faultline::serve {

// Program and style of the pages that only a server has, as web/ builds them.
extern const std::span<const unsigned char> kServeScript;
extern const std::span<const unsigned char> kServeStyle;

}  // namespace faultline::serve
