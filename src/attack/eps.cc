#include "attack/eps.h"

#include <charconv>
#include <cmath>
#include <string>

#include "base/error.h"

namespace faultline::attack {

namespace {

[[noreturn]] void refuse(std::string_view text, float largest) {
  throw Error(ErrorKind::usage, "got '" + std::string(text) +
                                    "', expected a size in pixel units such as 8/255 or 0.03, from 0 to " +
                                    (largest == 1 ? std::string("1") : std::to_string(largest)));
}

// The whole text as a number, or NaN.
float parse_number(std::string_view text) {
  float value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stopped == end ? value : std::nanf("");
}

bool in_range(float value, float largest) {
  return value >= 0 && value <= largest;  // false for NaN
}

}  // namespace

float parse_pixels(std::string_view text, float largest) {
  const std::size_t slash = text.find('/');
  float value = parse_number(text.substr(0, slash));
  if (slash != std::string_view::npos) {
    const float divisor = parse_number(text.substr(slash + 1));
    value = divisor > 0 ? value / divisor : std::nanf("");
  }
  // -0 would print as a negative size; adding zero makes it 0.
  if (!in_range(value, largest)) refuse(text, largest);
  return value + 0.0F;
}

void check_ball(const Ball& ball) {
  const float largest = ball.norm == Norm::linf ? 1.0F : kLargestL2;
  if (!in_range(ball.eps, largest)) refuse(std::to_string(ball.eps), largest);
}

}  // namespace faultline::attack
