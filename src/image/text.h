#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultline {

// Text in figures is DejaVu Sans (Debian's fonts-dejavu-core); another font stands in where it is missing.

// The same text as valid UTF-8 on one line: invalid bytes and control characters become U+FFFD and spaces.
std::string printable(std::string_view text);

// The advance of one line of text, in the canvas's units.
double text_width(std::string_view text, double size, bool bold = false);

// The text, or its beginning and end round an ellipsis such that it is at most `width` wide.
std::string shortened(std::string_view text, double size, double width, bool bold = false);

// The text broken between words into lines at most `width` wide; a longer word is shortened. Never empty.
std::vector<std::string> wrapped(std::string_view text, double size, double width, bool bold = false);

}  // namespace faultline
