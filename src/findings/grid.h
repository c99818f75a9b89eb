#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "findings/censored_median.h"
#include "findings/measure.h"

namespace faultline::findings {

// Empty where there is no value.
using Cell = std::variant<std::monostate, std::string, std::int64_t, double>;

// A table as it is written.
struct Grid {
  std::string name = {};     // one word
  std::string caption = {};  // a sentence
  bool detail = false;       // too long to be read: only for programs
  std::vector<std::string> columns = {};
  std::vector<std::vector<Cell>> rows = {};
};

// Columns of a measure: NAME, NAME_lower, NAME_upper, NAME_n; and their cells.
void add_measure_columns(Grid& grid, const std::string& name);
void add_measure(std::vector<Cell>& row, const Measure& measure);
// Of a median: the same and NAME_censored. A missing value or end is beyond the limit that the caption names.
void add_median_columns(Grid& grid, const std::string& name);
void add_median(std::vector<Cell>& row, const CensoredMedian& median);
Cell count(std::size_t number);
Cell cell(const Measured& value);

// RFC 4180: a line of column names, then the rows; lines end in CR LF; nothing where there is no value.
// Numbers are the shortest that read back as they are. Throws ContractError for a number that is not finite,
// as the next two do.
std::string to_csv(const Grid& grid);
// Caption and table; three significant digits.
std::string to_markdown(const Grid& grid);
// An array of objects; null where there is no value.
nlohmann::ordered_json to_json(const Grid& grid);

}  // namespace faultline::findings
