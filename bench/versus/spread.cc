#include "versus/spread.h"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <chrono>

#include "base/error.h"

namespace faultline::bench {

Spread spread_of(std::vector<double> values) {
  require(!values.empty(), "spread_of: no values");
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {median, values.front(), values.back()};
}

std::string to_text(const Spread& spread, int digits) {
  return fmt::format("{:.{}f} ({:.{}f} to {:.{}f})", spread.median, digits, spread.least, digits, spread.most,
                     digits);
}

double seconds_of(const std::function<void()>& run) {
  const auto start = std::chrono::steady_clock::now();
  run();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  omp_pause_resource_all(omp_pause_soft);
  return elapsed.count();
}

Spread time_of(int repeat, const std::function<void()>& run) {
  run();
  std::vector<double> seconds;
  for (int i = 0; i < repeat; ++i) seconds.push_back(seconds_of(run));
  return spread_of(std::move(seconds));
}

std::string table_row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

std::string table_header(const std::vector<std::string>& cells) {
  std::string line = table_row(cells) + "| --- |";
  for (std::size_t i = 1; i < cells.size(); ++i) line += " ---: |";
  return line + "\n";
}

}  // namespace faultline::bench
