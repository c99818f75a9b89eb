#include "study/csv_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "base/error.h"
#include "base/files.h"

namespace faultline::study {

namespace {

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

}  // namespace

CsvTable::CsvTable(const std::filesystem::path& file) : file_(file) {
  std::istringstream lines(read_file(file));
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);  // a byte order mark
    if (line.empty() || line == "\r") continue;
    std::vector<std::string> fields = fields_of(line);
    if (header_.empty()) {
      header_ = std::move(fields);
      continue;
    }
    if (fields.size() != header_.size()) {
      throw Error(ErrorKind::usage, fmt::format("{}, line {}: {} fields, expected {} as in the heading",
                                                file.string(), number, fields.size(), header_.size()));
    }
    rows_.push_back(std::move(fields));
    lines_.push_back(number);
  }
  if (header_.empty())
    throw Error(ErrorKind::usage, file.string() + ": empty, expected a line that names columns");
}

std::optional<std::size_t> CsvTable::find_column(std::string_view name) const {
  const auto found = std::ranges::find(header_, name);
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

std::size_t CsvTable::column(std::string_view name) const {
  const auto found = find_column(name);
  if (!found) {
    throw Error(ErrorKind::usage,
                fmt::format("{}: no column '{}', only {}", file_.string(), name, fmt::join(header_, ", ")));
  }
  return *found;
}

std::string CsvTable::place(std::size_t row) const {
  return fmt::format("{}, line {}", file_.string(), lines_[row]);
}

}  // namespace faultline::study
