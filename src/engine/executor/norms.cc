#include "engine/executor/norms.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/parallel.h"

namespace faultline::engine {

namespace {

constexpr std::int64_t kChunk = 16384;
constexpr std::int64_t kLanes = 16;

// The sum of term(i) over [first, last), in interleaved parts that vectorise.
template <class TermAt>
double sum_chunk(std::int64_t first, std::int64_t last, const TermAt& term) {
  std::array<double, kLanes> lanes{};
  const std::int64_t whole = first + (last - first) / kLanes * kLanes;
  for (std::int64_t i = first; i < whole; i += kLanes) {
    for (std::int64_t l = 0; l < kLanes; ++l) lanes[static_cast<std::size_t>(l)] += term(i + l);
  }
  for (std::int64_t i = whole; i < last; ++i) lanes[static_cast<std::size_t>(i - whole)] += term(i);
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

// The sum of term(row, i) over each row's elements.
template <class S, class TermAt>
std::vector<double> sum_rows(std::span<const S* const> rows, std::int64_t elements, const TermAt& term) {
  const std::int64_t chunks = (elements + kChunk - 1) / kChunk;
  std::vector<double> partial(rows.size() * static_cast<std::size_t>(chunks));
  parallel_for(static_cast<std::int64_t>(partial.size()), [&](std::int64_t task) {
    const S* row = rows[static_cast<std::size_t>(task / chunks)];
    const std::int64_t first = task % chunks * kChunk;
    partial[static_cast<std::size_t>(task)] =
        sum_chunk(first, std::min(elements, first + kChunk), [&](std::int64_t i) { return term(row, i); });
  });
  std::vector<double> sums(rows.size(), 0.0);
  for (std::size_t i = 0; i < partial.size(); ++i) sums[i / static_cast<std::size_t>(chunks)] += partial[i];
  return sums;
}

std::vector<double> roots(std::vector<double> values) {
  for (double& value : values) value = std::sqrt(value);
  return values;
}

}  // namespace

template <class S>
std::vector<double> row_norms(std::span<const S* const> rows, std::int64_t elements) {
  return roots(
      sum_rows(rows, elements, [](const S* row, std::int64_t i) { return double{row[i]} * double{row[i]}; }));
}

template <class S>
std::vector<double> row_distances(std::span<const S* const> rows, const S* base, std::int64_t elements) {
  return roots(sum_rows(rows, elements, [base](const S* row, std::int64_t i) {
    const double difference = double{row[i]} - double{base[i]};
    return difference * difference;
  }));
}

template <class S>
std::vector<double> difference_dots(const S* gradient, std::span<const S* const> rows, const S* base,
                                    std::int64_t elements) {
  return sum_rows(rows, elements, [gradient, base](const S* row, std::int64_t i) {
    return double{gradient[i]} * (double{row[i]} - double{base[i]});
  });
}

#define FAULTLINE_INSTANTIATE_NORMS(S)                                                           \
  template std::vector<double> row_norms(std::span<const S* const>, std::int64_t);               \
  template std::vector<double> row_distances(std::span<const S* const>, const S*, std::int64_t); \
  template std::vector<double> difference_dots(const S*, std::span<const S* const>, const S*, std::int64_t)
FAULTLINE_INSTANTIATE_NORMS(float);
FAULTLINE_INSTANTIATE_NORMS(double);

}  // namespace faultline::engine
