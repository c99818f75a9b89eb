#pragma once

#include <span>

namespace faultline::report {

// The page's program and style, as web/ builds them.
extern const std::span<const unsigned char> kReportScript;
extern const std::span<const unsigned char> kReportStyle;

}  // namespace faultline::report
