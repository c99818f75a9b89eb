#include "findings/grid.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "base/one_line.h"
#include "findings/numbers.h"

namespace faultline::findings {
namespace {

template <class... Cases>
struct Visitor : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Visitor(Cases...) -> Visitor<Cases...>;

// In place: g++ 12 takes a moved variant's text for uninitialised.
void add_number(std::vector<Cell>& row, const Measured& value) {
  Cell& added = row.emplace_back();
  if (value) added.emplace<double>(*value);
}

void add_count(std::vector<Cell>& row, std::size_t number) {
  row.emplace_back().emplace<std::int64_t>(static_cast<std::int64_t>(number));
}

double finite(double value) {
  require(std::isfinite(value), "a table's number is not finite");
  return value;
}

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string markdown_text(const std::string& text) {
  std::string escaped;
  for (const char c : one_line(text)) escaped += c == '|' ? "\\|" : std::string(1, c);
  return escaped;
}

std::string csv_cell(const Cell& value) {
  return std::visit(Visitor{[](std::monostate) { return std::string(); },
                            [](const std::string& text) { return csv_text(text); },
                            [](std::int64_t number) { return std::to_string(number); },
                            [](double number) { return fmt::format("{}", finite(number)); }},
                    value);
}

std::string markdown_cell(const Cell& value) {
  return std::visit(Visitor{[](std::monostate) { return std::string(); },
                            [](const std::string& text) { return markdown_text(text); },
                            [](std::int64_t whole) { return std::to_string(whole); },
                            [](double real) { return number(real); }},
                    value);
}

nlohmann::ordered_json json_cell(const Cell& value) {
  return std::visit(Visitor{[](std::monostate) { return nlohmann::ordered_json(); },
                            [](const std::string& text) { return nlohmann::ordered_json(text); },
                            [](std::int64_t number) { return nlohmann::ordered_json(number); },
                            [](double number) { return nlohmann::ordered_json(finite(number)); }},
                    value);
}

}  // namespace

Cell count(std::size_t number) {
  return static_cast<std::int64_t>(number);
}

Cell cell(const Measured& value) {
  Cell result;
  if (value) result.emplace<double>(*value);
  return result;
}

void add_measure_columns(Grid& grid, const std::string& name) {
  for (const char* suffix : {"", "_lower", "_upper", "_n"}) grid.columns.push_back(name + suffix);
}

void add_measure(std::vector<Cell>& row, const Measure& measure) {
  const auto interval = interval_of(measure);
  add_number(row, measure.estimate ? Measured{measure.estimate->value} : Measured{});
  add_number(row, interval ? Measured{interval->lower} : Measured{});
  add_number(row, interval ? Measured{interval->upper} : Measured{});
  add_count(row, measure.n);
}

void add_median_columns(Grid& grid, const std::string& name) {
  for (const char* suffix : {"", "_lower", "_upper", "_censored", "_n"})
    grid.columns.push_back(name + suffix);
}

void add_median(std::vector<Cell>& row, const CensoredMedian& median) {
  for (const Measured& value : {median.value, median.lower, median.upper}) add_number(row, value);
  add_count(row, median.censored);
  add_count(row, median.n);
}

std::string to_csv(const Grid& grid) {
  std::string text;
  for (std::size_t i = 0; i < grid.columns.size(); ++i)
    text += (i > 0 ? "," : "") + csv_text(grid.columns[i]);
  text += "\r\n";
  for (const auto& row : grid.rows) {
    require(row.size() == grid.columns.size(),
            "a table's row has another number of cells than it has columns");
    for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "," : "") + csv_cell(row[i]);
    text += "\r\n";
  }
  return text;
}

std::string to_markdown(const Grid& grid) {
  std::string text = grid.caption + "\n\n|";
  for (const std::string& column : grid.columns) text += " " + markdown_text(column) + " |";
  text += "\n|";
  for (std::size_t i = 0; i < grid.columns.size(); ++i) text += " --- |";
  for (const auto& row : grid.rows) {
    require(row.size() == grid.columns.size(),
            "a table's row has another number of cells than it has columns");
    text += "\n|";
    for (const Cell& value : row) text += " " + markdown_cell(value) + " |";
  }
  return text + "\n";
}

nlohmann::ordered_json to_json(const Grid& grid) {
  auto rows = nlohmann::ordered_json::array();
  for (const auto& row : grid.rows) {
    require(row.size() == grid.columns.size(),
            "a table's row has another number of cells than it has columns");
    nlohmann::ordered_json object;
    for (std::size_t i = 0; i < row.size(); ++i) object[grid.columns[i]] = json_cell(row[i]);
    rows.push_back(std::move(object));
  }
  return rows;
}

}  // namespace faultline::findings
