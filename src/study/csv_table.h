#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::study {

// A table from a CSV file (RFC 4180: quoted fields may hold commas and doubled quotes, but no line breaks)
// whose first line names the columns. Empty lines are left out.
class CsvTable {
 public:
  // Throws Error{io} if the file cannot be read, Error{usage} naming file and line of a row with another
  // number of fields than the heading, or if there is no heading.
  explicit CsvTable(const std::filesystem::path& file);

  std::size_t rows() const { return rows_.size(); }
  std::optional<std::size_t> find_column(std::string_view name) const;
  // Throws Error{usage} naming the file and the columns that it has.
  std::size_t column(std::string_view name) const;
  const std::string& at(std::size_t row, std::size_t column) const { return rows_[row][column]; }
  // "file.csv, line 3", for messages.
  std::string place(std::size_t row) const;

 private:
  std::filesystem::path file_;
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> lines_;
};

}  // namespace faultline::study
