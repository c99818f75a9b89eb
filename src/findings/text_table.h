#pragma once

#include <string>
#include <vector>

namespace faultline::findings {

// A table for a terminal: columns as wide as their widest cell, two spaces apart, the first row as the
// heading. Every row has as many cells as the first. Control characters become '?'.
std::string text_table(const std::vector<std::vector<std::string>>& rows, std::size_t indent);

}  // namespace faultline::findings
