#pragma once

#include <functional>
#include <string>
#include <vector>

namespace faultline::bench {

// What repeated runs gave: median, least and most.
struct Spread {
  double median = 0;
  double least = 0;
  double most = 0;
};
// Throws ContractError if there are no values.
Spread spread_of(std::vector<double> values);

// "4.07 (3.95 to 4.21)", with so many digits after the point.
std::string to_text(const Spread& spread, int digits);

// Wall time of one run, in seconds. The compute threads are gone when it returns: an idle thread may spin,
// and would take a core from whatever is timed next in another process.
double seconds_of(const std::function<void()>& run);

// Of `repeat` runs, after one that warms up.
Spread time_of(int repeat, const std::function<void()>& run);

// "| a | b |\n"
std::string table_row(const std::vector<std::string>& cells);
// The header and the line below it; the first column is text, the others are numbers.
std::string table_header(const std::vector<std::string>& cells);

}  // namespace faultline::bench
