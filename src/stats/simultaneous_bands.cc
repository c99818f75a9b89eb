#include "stats/simultaneous_bands.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/location.h"
#include "stats/quantile.h"

namespace faultline::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The rows in ascending order, column by column: resamples then do not depend on the order that they came in.
std::vector<std::span<const double>> ordered_rows(const Table& units) {
  std::vector<std::span<const double>> rows;
  for (std::size_t r = 0; r < units.rows(); ++r) rows.push_back(units.row(r));
  std::sort(rows.begin(), rows.end(), [](std::span<const double> a, std::span<const double> b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  });
  return rows;
}

struct Column {
  double mean = 0;
  double standard_error = 0;  // 0 if and only if its values are equal; missing for one row, and then 0 too
};

Column column_of(const std::vector<std::span<const double>>& rows, std::size_t column) {
  std::vector<double> values;
  for (const auto& row : rows) values.push_back(row[column]);
  Column result{.mean = *mean(values)};
  const auto [least, largest] = std::minmax_element(values.begin(), values.end());
  if (*least == *largest) return result;
  double squares = 0;
  for (const double x : values) squares += (x - result.mean) * (x - result.mean);
  const double n = static_cast<double>(values.size());
  result.standard_error = std::sqrt(squares / (n - 1) / n);
  return result;
}

// The columns that vary, in units of their standard errors from their means: [rows, columns].
struct Standardised {
  std::vector<double> values;
  std::size_t columns = 0;

  Standardised(const std::vector<std::span<const double>>& rows, const std::vector<Column>& of) {
    for (const Column& column : of) columns += column.standard_error > 0 ? 1 : 0;
    for (const auto& row : rows) {
      for (std::size_t j = 0; j < of.size(); ++j) {
        if (of[j].standard_error > 0) values.push_back((row[j] - of[j].mean) / of[j].standard_error);
      }
    }
  }
};

// |mean| / standard error of n values with that sum and sum of squares.
double t_statistic(double sum, double squares, double n) {
  // Equal values leave no spread but what rounding makes of their sums, each to n epsilon.
  const double rounding = 4 * n * std::numeric_limits<double>::epsilon() * squares;
  const double spread = squares - sum * sum / n;
  if (spread <= rounding) return squares <= rounding ? 0 : kInfinity;
  return std::abs(sum) / std::sqrt(spread * n / (n - 1));
}

// The largest t statistic of the drawn rows' columns.
class LargestT {
 public:
  explicit LargestT(const Standardised& rows) : rows_(rows), sums_(2 * rows.columns) {}

  double operator()(std::span<const std::uint32_t> drawn) {
    std::fill(sums_.begin(), sums_.end(), 0.0);
    double* const sum = sums_.data();
    double* const squares = sum + rows_.columns;
    for (const std::uint32_t unit : drawn) {
      const double* const row = rows_.values.data() + unit * rows_.columns;
      for (std::size_t j = 0; j < rows_.columns; ++j) {
        sum[j] += row[j];
        squares[j] += row[j] * row[j];
      }
    }
    double largest = 0;
    for (std::size_t j = 0; j < rows_.columns; ++j)
      largest = std::max(largest, t_statistic(sum[j], squares[j], static_cast<double>(drawn.size())));
    return largest;
  }

 private:
  const Standardised& rows_;
  std::vector<double> sums_;  // of the columns, then of their squares
};

double critical_value(const Standardised& rows, std::size_t units, const BootstrapOptions& options) {
  if (rows.columns == 0) return 0;
  auto largest = resampled(units, options, [&] { return LargestT(rows); });
  std::sort(largest.begin(), largest.end());
  return quantile(largest, options.confidence);
}

}  // namespace

std::optional<std::vector<Estimate>> simultaneous_bands(const Table& units, const BootstrapOptions& options) {
  require_valid(options);
  const auto rows = ordered_rows(units);
  if (rows.empty()) return {};
  std::vector<Column> columns;
  for (std::size_t j = 0; j < units.columns(); ++j) columns.push_back(column_of(rows, j));
  const double critical = critical_value(Standardised(rows, columns), rows.size(), options);
  std::vector<Estimate> bands;
  for (const Column& column : columns) {
    bands.push_back({.value = column.mean, .interval = {}});
    if (rows.size() == 1 || (column.standard_error > 0 && std::isinf(critical))) continue;
    const double half = column.standard_error > 0 ? critical * column.standard_error : 0;
    bands.back().interval = Interval{.lower = column.mean - half, .upper = column.mean + half};
  }
  return bands;
}

}  // namespace faultline::stats
