#include "engine/onednn/dense_loops.h"

#include <algorithm>
#include <cstring>

#include "base/parallel.h"
#include "engine/common/vector_lanes.h"
#include "engine/common/vector_set.h"

namespace faultline::engine::onednn {

namespace {

constexpr std::int64_t kLanes = 16;
constexpr std::int64_t kRows = 12;    // at most processed together: the weights are read once for them
constexpr std::int64_t kInner = 512;  // of a row at a time, so that kRows of them stay in the first cache
constexpr std::int64_t kOuter = 4;    // rows of weights in flight
constexpr std::size_t kBlock = 16;    // rows of weights of one call of dots

using Vector = Lanes<kLanes>;

// A few rows of weights, `stride` apart.
struct Tile {
  const float* data;
  std::int64_t stride;

  const float* row(std::size_t j) const { return data + static_cast<std::int64_t>(j) * stride; }
};

struct Weights {
  const float* data;
  std::int64_t outer;
  std::int64_t inner;

  // From row j, element i on.
  Tile tile(std::int64_t j, std::int64_t i) const { return {data + j * inner + i, inner}; }
};

// Fetches what is needed next; an address beyond the matrix does no harm.
FAULTLINE_INLINE void fetch(const float* weights) {
  __builtin_prefetch(weights, 0, 2);
}

// partial[r kBlock + j] += x[r][offset...] w[j], lane by lane over `length` elements, for R rows and N rows
// of weights.
template <std::size_t R, std::size_t N>
FAULTLINE_INLINE void dot_tile(const float* const* x, std::int64_t offset, const Tile& w, std::int64_t length,
                               Vector* partial) {
  Vector products[R][N];
  for (std::size_t r = 0; r < R; ++r) {
    for (std::size_t j = 0; j < N; ++j) products[r][j] = partial[r * kBlock + j];
  }
  for (std::int64_t i = 0; i < length; i += kLanes) {
    Vector weights[N];
    for (std::size_t j = 0; j < N; ++j) {
      load(w.row(j) + i, weights[j]);
      fetch(w.row(j + kOuter) + i);
    }
    for (std::size_t r = 0; r < R; ++r) {
      Vector values;
      load(x[r] + offset + i, values);
      for (std::size_t j = 0; j < N; ++j) products[r][j] += values * weights[j];
    }
  }
  for (std::size_t r = 0; r < R; ++r) {
    for (std::size_t j = 0; j < N; ++j) partial[r * kBlock + j] = products[r][j];
  }
}

// Some rows of weights, ascending, that count in a sum.
struct Outer {
  std::size_t count = 0;
  std::int64_t rows[kOuter] = {};
};

// The next ones from j on, which is moved beyond them: those that some d is not 0 for. Weights are finite, so
// that the others add nothing: after a ReLU, that is most of the matrix.
FAULTLINE_INLINE Outer next_outer(const DenseRows& rows, std::int64_t outer, std::int64_t& j) {
  Outer next;
  for (; j < outer && next.count < kOuter; ++j) {
    bool counts = false;
    for (std::int64_t r = 0; r < rows.count && !counts; ++r) counts = rows.inputs[r][j] != 0.0F;
    if (counts) next.rows[next.count++] = j;
  }
  return next;
}

// z[r][i] += d[r][j_0] w[j_0][i], then d[r][j_1] w[j_1][i], ... for i in [first, last), R rows and N rows of
// weights; fetches what is needed next.
template <std::size_t R, std::size_t N>
FAULTLINE_INLINE void sum_tile(const float* const* d, const Weights& w, const Outer& now, const Outer& next,
                               std::int64_t first, std::int64_t last, float* const* z) {
  std::int64_t i = first;
  for (; i + kLanes <= last; i += kLanes) {
    Vector weights[N];
    for (std::size_t n = 0; n < N; ++n) {
      load(w.data + now.rows[n] * w.inner + i, weights[n]);
      fetch(w.data + next.rows[n] * w.inner + i);
    }
    for (std::size_t r = 0; r < R; ++r) {
      Vector sum;
      load(z[r] + i, sum);
      for (std::size_t n = 0; n < N; ++n) sum += d[r][now.rows[n]] * weights[n];
      store(sum, z[r] + i);
    }
  }
  for (; i < last; ++i) {
    for (std::size_t r = 0; r < R; ++r) {
      for (std::size_t n = 0; n < N; ++n) z[r][i] += d[r][now.rows[n]] * w.data[now.rows[n] * w.inner + i];
    }
  }
}

// Adds to the partial dots of all rows with N rows of weights.
template <std::size_t N>
FAULTLINE_INLINE void dot_rows(const DenseRows& rows, std::int64_t offset, const Tile& w, std::int64_t length,
                               Vector* partial) {
  std::int64_t r = 0;
  for (; r + 4 <= rows.count; r += 4)
    dot_tile<4, N>(rows.inputs + r, offset, w, length, partial + r * std::int64_t{kBlock});
  for (; r + 2 <= rows.count; r += 2)
    dot_tile<2, N>(rows.inputs + r, offset, w, length, partial + r * std::int64_t{kBlock});
  if (r < rows.count) dot_tile<1, N>(rows.inputs + r, offset, w, length, partial + r * std::int64_t{kBlock});
}

template <std::size_t N>
FAULTLINE_INLINE void sum_rows(const DenseRows& rows, const Weights& w, const Outer& now, const Outer& next,
                               std::int64_t first, std::int64_t last) {
  std::int64_t r = 0;
  for (; r + 4 <= rows.count; r += 4)
    sum_tile<4, N>(rows.inputs + r, w, now, next, first, last, rows.outputs + r);
  for (; r + 2 <= rows.count; r += 2)
    sum_tile<2, N>(rows.inputs + r, w, now, next, first, last, rows.outputs + r);
  if (r < rows.count) sum_tile<1, N>(rows.inputs + r, w, now, next, first, last, rows.outputs + r);
}

// Dots of at most kRows rows with the weight rows [first, last), at most kBlock.
FAULTLINE_INLINE void dots(const Weights& w, const DenseRows& rows, std::int64_t first, std::int64_t last) {
  Vector partial[kRows * kBlock] = {};
  const std::int64_t whole = w.inner / kLanes * kLanes;
  for (std::int64_t i = 0; i < whole; i += kInner) {
    const std::int64_t length = std::min(kInner, whole - i);
    std::int64_t j = first;
    for (; j + kOuter <= last; j += kOuter)
      dot_rows<kOuter>(rows, i, w.tile(j, i), length, partial + (j - first));
    for (; j < last; ++j) dot_rows<1>(rows, i, w.tile(j, i), length, partial + (j - first));
  }
  for (std::int64_t r = 0; r < rows.count; ++r) {
    for (std::int64_t j = first; j < last; ++j) {
      const Vector& lanes = partial[r * std::int64_t{kBlock} + j - first];
      float sum = 0;
      for (int lane = 0; lane < kLanes; ++lane) sum += lanes[lane];
      for (std::int64_t i = whole; i < w.inner; ++i) sum += rows.inputs[r][i] * *w.tile(j, i).data;
      rows.outputs[r][j] = sum;
    }
  }
}

// Sums of all rows over the elements [first, last).
FAULTLINE_INLINE void sums(const Weights& w, const DenseRows& rows, std::int64_t first, std::int64_t last) {
  for (std::int64_t r = 0; r < rows.count; ++r)
    std::fill(rows.outputs[r] + first, rows.outputs[r] + last, 0.0F);
  std::int64_t j = 0;
  Outer now = next_outer(rows, w.outer, j);
  while (now.count == kOuter) {
    const Outer next = next_outer(rows, w.outer, j);
    sum_rows<kOuter>(rows, w, now, next, first, last);
    now = next;
  }
  for (std::size_t n = 0; n < now.count; ++n) {
    const Outer one{.count = 1, .rows = {now.rows[n]}};
    sum_rows<1>(rows, w, one, one, first, last);
  }
}

using Loop = void (*)(const Weights&, const DenseRows&, std::int64_t, std::int64_t);

void dots_sse2(const Weights& w, const DenseRows& rows, std::int64_t first, std::int64_t last) {
  dots(w, rows, first, last);
}
void sums_sse2(const Weights& w, const DenseRows& rows, std::int64_t first, std::int64_t last) {
  sums(w, rows, first, last);
}
FAULTLINE_AVX2 void dots_avx2(const Weights& w, const DenseRows& rows, std::int64_t first,
                              std::int64_t last) {
  dots(w, rows, first, last);
}
FAULTLINE_AVX2 void sums_avx2(const Weights& w, const DenseRows& rows, std::int64_t first,
                              std::int64_t last) {
  sums(w, rows, first, last);
}
FAULTLINE_AVX512 void dots_avx512(const Weights& w, const DenseRows& rows, std::int64_t first,
                                  std::int64_t last) {
  dots(w, rows, first, last);
}
FAULTLINE_AVX512 void sums_avx512(const Weights& w, const DenseRows& rows, std::int64_t first,
                                  std::int64_t last) {
  sums(w, rows, first, last);
}

// outputs = bias + factor * outputs
void finish(const DenseRows& rows, std::int64_t first, std::int64_t last, const float* bias, float factor) {
  for (std::int64_t r = 0; r < rows.count; ++r) {
    for (std::int64_t i = first; i < last; ++i) {
      const float scaled = factor * rows.outputs[r][i];
      rows.outputs[r][i] = bias == nullptr ? scaled : bias[i] + scaled;
    }
  }
}

// Runs `loop` over [0, elements) of the outputs, at most kRows rows and `grain` elements at a time.
void run(Loop loop, const Weights& w, const DenseRows& rows, std::int64_t elements, std::int64_t grain,
         const float* bias, float factor) {
  const std::int64_t groups = (rows.count + kRows - 1) / kRows;
  for (std::int64_t g = 0; g < groups; ++g) {
    const std::int64_t r = g * rows.count / groups;
    const DenseRows group{rows.inputs + r, rows.outputs + r, (g + 1) * rows.count / groups - r};
    parallel_for((elements + grain - 1) / grain, [&](std::int64_t chunk) {
      const std::int64_t first = chunk * grain;
      const std::int64_t last = std::min(first + grain, elements);
      loop(w, group, first, last);
      finish(group, first, last, bias, factor);
    });
  }
}

}  // namespace

void dense_dots(const float* weights, std::int64_t outer, std::int64_t inner, const float* bias, float factor,
                const DenseRows& rows) {
  static const Loop loop = loop_for(widest_vector_set(), dots_sse2, dots_avx2, dots_avx512);
  run(loop, {weights, outer, inner}, rows, outer, std::int64_t{kBlock}, bias, factor);
}

void dense_sums(const float* weights, std::int64_t outer, std::int64_t inner, const float* bias, float factor,
                const DenseRows& rows) {
  static const Loop loop = loop_for(widest_vector_set(), sums_sse2, sums_avx2, sums_avx512);
  run(loop, {weights, outer, inner}, rows, inner, kInner, bias, factor);
}

}  // namespace faultline::engine::onednn
