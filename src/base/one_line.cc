#include "base/one_line.h"

namespace faultline {

std::string one_line(std::string_view message) {
  constexpr std::size_t kLongest = 2000;
  std::string line(message.substr(0, kLongest));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  if (message.size() > kLongest) line.replace(kLongest - 3, 3, "...");
  return line;
}

}  // namespace faultline
