#include "engine/executor/norms.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/parallel.h"
#include "engine/common/vector_lanes.h"

namespace faultline::engine {

namespace {

constexpr std::int64_t kChunk = 4096;
constexpr int kInterleaved = 16;  // interleaved partial sums

// Sums over one chunk of one row.
struct ChunkSums {
  double squares = 0;  // (a - b)^2; a^2 without a base
  double dot = 0;      // g (a - b)
};

double total(const std::array<double, kInterleaved>& parts) {
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

// base and gradient may be null.
template <class S>
struct RowChunk {
  const S* row;
  const S* base;
  const S* gradient;
  std::int64_t elements;
};

// Adds the elements [i, i + kInterleaved) to the parts.
template <int L, bool HasBase, bool HasGradient, class S>
FAULTLINE_INLINE void add_group(const RowChunk<S>& chunk, std::int64_t i, DoubleLanes<L>* squares,
                                DoubleLanes<L>* dots) {
#pragma GCC unroll 8
  for (int q = 0; q < kInterleaved / L; ++q) {
    DoubleLanes<L> difference;
    load<L>(chunk.row + i + q * L, difference);
    if constexpr (HasBase) {
      DoubleLanes<L> base;
      load<L>(chunk.base + i + q * L, base);
      difference -= base;
    }
    squares[q] += difference * difference;
    if constexpr (HasGradient) {
      DoubleLanes<L> gradient;
      load<L>(chunk.gradient + i + q * L, gradient);
      dots[q] += gradient * difference;
    }
  }
}

template <int L, bool HasBase, bool HasGradient, class S>
FAULTLINE_INLINE void sum_chunk(const RowChunk<S>& chunk, ChunkSums& sums) {
  DoubleLanes<L> squares[std::size_t{kInterleaved / L}] = {};
  DoubleLanes<L> dots[std::size_t{kInterleaved / L}] = {};
  std::int64_t i = 0;
  for (; i + kInterleaved <= chunk.elements; i += kInterleaved)
    add_group<L, HasBase, HasGradient>(chunk, i, squares, dots);
  std::array<double, kInterleaved> square_parts;
  std::array<double, kInterleaved> dot_parts;
  std::memcpy(square_parts.data(), squares, sizeof(squares));
  std::memcpy(dot_parts.data(), dots, sizeof(dots));
  for (std::size_t part = 0; i < chunk.elements; ++i, ++part) {
    const double difference = double{chunk.row[i]} - (HasBase ? double{chunk.base[i]} : 0.0);
    square_parts[part] += difference * difference;
    if constexpr (HasGradient) dot_parts[part] += double{chunk.gradient[i]} * difference;
  }
  sums = {total(square_parts), HasGradient ? total(dot_parts) : 0.0};
}

template <int L, class S>
FAULTLINE_INLINE void sum_any(const RowChunk<S>& chunk, ChunkSums& sums) {
  if (chunk.base == nullptr) return sum_chunk<L, false, false>(chunk, sums);
  if (chunk.gradient == nullptr) return sum_chunk<L, true, false>(chunk, sums);
  sum_chunk<L, true, true>(chunk, sums);
}

template <class S>
void sum_row_sse2(const RowChunk<S>& chunk, ChunkSums& sums) {
  sum_any<2>(chunk, sums);
}
template <class S>
FAULTLINE_AVX2 void sum_row_avx2(const RowChunk<S>& chunk, ChunkSums& sums) {
  sum_any<4>(chunk, sums);
}
template <class S>
FAULTLINE_AVX512 void sum_row_avx512(const RowChunk<S>& chunk, ChunkSums& sums) {
  sum_any<8>(chunk, sums);
}

template <class S>
ChunkSums sum_one(const RowChunk<S>& chunk, VectorSet vectors) {
  ChunkSums sums;
  loop_for(vectors, &sum_row_sse2<S>, &sum_row_avx2<S>, &sum_row_avx512<S>)(chunk, sums);
  return sums;
}

// The sums of every row, and of `extra` rows without base and gradient after them.
template <class S>
std::vector<ChunkSums> sum_rows(std::span<const S* const> rows, const S* base, const S* gradient,
                                std::span<const S* const> extra, std::int64_t elements, VectorSet vectors) {
  const std::size_t count = rows.size() + extra.size();
  const std::int64_t chunks = (elements + kChunk - 1) / kChunk;
  std::vector<ChunkSums> partial(count * static_cast<std::size_t>(chunks));
  parallel_for(chunks, [&](std::int64_t c) {
    const std::int64_t first = c * kChunk;
    const std::int64_t length = std::min(kChunk, elements - first);
    ChunkSums* of_chunk = partial.data() + static_cast<std::size_t>(c) * count;
    for (const S* row : extra) *of_chunk++ = sum_one<S>({row + first, nullptr, nullptr, length}, vectors);
    for (const S* row : rows) {
      *of_chunk++ = sum_one<S>({row + first, base == nullptr ? nullptr : base + first,
                                gradient == nullptr ? nullptr : gradient + first, length},
                               vectors);
    }
  });
  std::vector<ChunkSums> sums(count);
  for (std::size_t i = 0; i < partial.size(); ++i) {
    sums[i % count].squares += partial[i].squares;
    sums[i % count].dot += partial[i].dot;
  }
  return sums;
}

}  // namespace

template <class S>
std::vector<double> row_norms(std::span<const S* const> rows, std::int64_t elements, VectorSet vectors) {
  std::vector<double> norms;
  for (const ChunkSums& sums : sum_rows<S>(rows, nullptr, nullptr, {}, elements, vectors))
    norms.push_back(std::sqrt(sums.squares));
  return norms;
}

template <class S>
Differences row_differences(std::span<const S* const> rows, const S* base, const S* gradient,
                            std::int64_t elements, VectorSet vectors) {
  const std::vector<ChunkSums> sums = sum_rows<S>(rows, base, gradient, {&base, 1}, elements, vectors);
  Differences differences{.base_norm = std::sqrt(sums.front().squares), .distances = {}, .dots = {}};
  for (const ChunkSums& of_row : std::span(sums).subspan(1)) {
    differences.distances.push_back(std::sqrt(of_row.squares));
    if (gradient != nullptr) differences.dots.push_back(of_row.dot);
  }
  return differences;
}

#define FAULTLINE_INSTANTIATE_NORMS(S)                                                        \
  template std::vector<double> row_norms(std::span<const S* const>, std::int64_t, VectorSet); \
  template Differences row_differences(std::span<const S* const>, const S*, const S*, std::int64_t, VectorSet)
FAULTLINE_INSTANTIATE_NORMS(float);
FAULTLINE_INSTANTIATE_NORMS(double);

}  // namespace faultline::engine
