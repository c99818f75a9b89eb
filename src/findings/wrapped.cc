#include "findings/wrapped.h"

#include <algorithm>

#include "base/one_line.h"

namespace faultline::findings {
namespace {

// Code points, as columns of a terminal.
std::size_t columns_of(std::string_view word) {
  std::size_t columns = 0;
  for (const char c : word) columns += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
  return columns;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  const std::string clean = one_line(text);
  const std::string margin(indent, ' ');
  std::string lines;
  std::size_t used = 0;  // columns of the line begun
  for (std::size_t at = 0; at < clean.size();) {
    const std::size_t end = std::min(clean.find(' ', at), clean.size());
    const std::string word = clean.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const bool fits = used > 0 && used + 1 + columns_of(word) <= width;
    lines += fits ? " " : (used > 0 ? "\n" : "") + margin;
    used = (fits ? used + 1 : indent) + columns_of(word);
    lines += word;
  }
  return lines + "\n";
}

}  // namespace faultline::findings
