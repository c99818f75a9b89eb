#include "findings/numbers.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"

namespace faultline::findings {

std::string number(double value) {
  require(std::isfinite(value), "findings: a number is not finite");
  if (value == 0) return "0";  // not -0
  return fmt::format("{:.3g}", value);
}

std::string number(const Measured& value) {
  return value ? number(*value) : "-";
}

std::string in_words(const Measure& measure) {
  if (!measure.estimate) return fmt::format("not measured (n = {})", measure.n);
  const auto interval = interval_of(measure);
  if (!interval) return fmt::format("{} (n = {})", number(measure.estimate->value), measure.n);
  return fmt::format("{} (95 % interval {} to {}, n = {})", number(measure.estimate->value),
                     number(interval->lower), number(interval->upper), measure.n);
}

std::string percent_in_words(const Measure& share) {
  const auto interval = interval_of(share);
  if (!interval) return in_words(share);
  return fmt::format("{:.0f} % (95 % interval {:.0f} to {:.0f} %, n = {})", 100 * share.estimate->value,
                     100 * interval->lower, 100 * interval->upper, share.n);
}

std::string in_short(const Measure& measure) {
  if (!measure.estimate) return "-";
  const auto interval = interval_of(measure);
  if (!interval) return number(measure.estimate->value);
  return fmt::format("{} ({} to {})", number(measure.estimate->value), number(interval->lower),
                     number(interval->upper));
}

std::string in_percent(const Measure& share) {
  if (!share.estimate) return "-";
  const auto interval = interval_of(share);
  const auto percent = [](double value) { return fmt::format("{:.0f}", 100 * value); };
  if (!interval) return percent(share.estimate->value) + " %";
  return fmt::format("{} % ({} to {})", percent(share.estimate->value), percent(interval->lower),
                     percent(interval->upper));
}

std::string images(std::size_t count) {
  return count == 1 ? "1 image" : fmt::format("{} images", count);
}

}  // namespace faultline::findings
