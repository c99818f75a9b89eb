#pragma once

#include <optional>
#include <string>

#include "findings/measure.h"

namespace faultline::findings {

// Numbers as they stand in sentences and tables: three significant digits; "-" where there is none.
std::string number(double value);
std::string number(const Measured& value);

// "0.21 (95 % interval 0.18 to 0.24, n = 412)".
std::string in_words(const Measure& measure);
// Of a share: "83 % (95 % interval 79 to 86 %, n = 500)".
std::string percent_in_words(const Measure& share);

// Short, for the cells of a table: "0.21 (0.18 to 0.24)", and of a share "21 % (18 to 24)".
std::string in_short(const Measure& measure);
std::string in_percent(const Measure& share);

// "3 images", "1 image".
std::string images(std::size_t count);

}  // namespace faultline::findings
