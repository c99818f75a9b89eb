#include "engine/executor/maps.h"

#include <algorithm>
#include <array>

#include "base/parallel.h"
#include "engine/common/vector_lanes.h"
#include "engine/executor/sums.h"
#include "engine/executor/sweep_groups.h"
#include "engine/executor/terms.h"

namespace faultline::engine {

namespace {

// A tile of the layer and the partial sums of as many maps stay in the first-level cache while the channels
// go by.
constexpr std::int64_t kBlockedPositions = 64;
constexpr std::int64_t kPlainPositions = 512;
constexpr std::size_t kMapsAtOnce = 4;

constexpr std::int64_t chunk_of(std::int64_t block) {
  return block == 1 ? kPlainPositions : kBlockedPositions;
}

// One map of one row. weights, channel_sums: [padded channels], 0 in the padding.
struct MapRow {
  Term term;
  const double* weights;
  const double* channel_sums;
  double* map;
};

// The positions [first, first + count) of some maps of one row.
template <class S>
struct MapChunk {
  const Layout& layout;
  const S* activation;
  const S* gradient;  // null if no term has one
  std::int64_t first;
  std::int64_t count;
  std::span<const MapRow> maps;
};

// A piece of a chunk that lies contiguously: one block of channels.
template <class S>
struct Tile {
  const S* activation;
  const S* gradient;
  std::int64_t positions;
  const double* weights;       // [B]
  const double* channel_sums;  // [B]
};

// Adds a tile of blocks [positions, B] to parts [positions, L].
template <int L, int B, class S>
struct AddBlocked {
  template <Term F>
  FAULTLINE_INLINE static void run(const Tile<S>& tile, double* parts) {
    DoubleLanes<L> weights[std::size_t{B / L}];
    DoubleLanes<L> channels[std::size_t{B / L}];
    for (int q = 0; q < B / L; ++q) {
      load<L>(tile.weights + q * L, weights[q]);
      load<L>(tile.channel_sums + q * L, channels[q]);
    }
    for (std::int64_t p = 0; p < tile.positions; ++p) {
      DoubleLanes<L> sum;
      load<L>(parts + p * L, sum);
#pragma GCC unroll 8
      for (int q = 0; q < B / L; ++q) {
        DoubleLanes<L> a{};
        DoubleLanes<L> g{};
        DoubleLanes<L> value;
        if constexpr (uses_activation(F)) load<L>(tile.activation + p * B + q * L, a);
        if constexpr (uses_gradient(F)) load<L>(tile.gradient + p * B + q * L, g);
        summand<F>(a, g, channels[q], value);
        sum += weights[q] * value;
      }
      store<L>(sum, parts + p * L);
    }
  }
};

// Adds a plain channel's positions to parts [positions].
template <int L, class S>
struct AddPlain {
  template <Term F>
  FAULTLINE_INLINE static void run(const Tile<S>& tile, double* parts) {
    const DoubleLanes<L> weight = tile.weights[0] + DoubleLanes<L>{};
    const DoubleLanes<L> channel = tile.channel_sums[0] + DoubleLanes<L>{};
    std::int64_t p = 0;
    for (; p + L <= tile.positions; p += L) {
      DoubleLanes<L> a{};
      DoubleLanes<L> g{};
      DoubleLanes<L> value;
      DoubleLanes<L> sum;
      if constexpr (uses_activation(F)) load<L>(tile.activation + p, a);
      if constexpr (uses_gradient(F)) load<L>(tile.gradient + p, g);
      load<L>(parts + p, sum);
      summand<F>(a, g, channel, value);
      sum += weight * value;
      store<L>(sum, parts + p);
    }
    for (; p < tile.positions; ++p) {
      double value = 0;
      summand<F>(uses_activation(F) ? double{tile.activation[p]} : 0.0,
                 uses_gradient(F) ? double{tile.gradient[p]} : 0.0, tile.channel_sums[0], value);
      parts[p] += tile.weights[0] * value;
    }
  }
};

template <int L, int B, class S>
FAULTLINE_INLINE void reduce_some(const MapChunk<S>& chunk, std::span<const MapRow> maps) {
  constexpr int kLanes = B == 1 ? 1 : L;
  constexpr auto kParts = static_cast<std::size_t>(chunk_of(B) * kLanes);
  using Loop = std::conditional_t<B == 1, AddPlain<L, S>, AddBlocked<L, std::max(L, B), S>>;
  alignas(64) std::array<std::array<double, kParts>, kMapsAtOnce> parts;
  for (std::size_t m = 0; m < maps.size(); ++m) parts[m].fill(0);
  for (std::int64_t c = 0; c < chunk.layout.padded_channels(); c += B) {
    const std::int64_t start = (c / B * chunk.layout.positions + chunk.first) * B;
    for (std::size_t m = 0; m < maps.size(); ++m) {
      const Tile<S> tile{chunk.activation + start,
                         chunk.gradient == nullptr ? nullptr : chunk.gradient + start, chunk.count,
                         maps[m].weights + c, maps[m].channel_sums + c};
      with_term<Loop>(maps[m].term, tile, parts[m].data());
    }
  }
  for (std::size_t m = 0; m < maps.size(); ++m) {
    for (std::int64_t p = 0; p < chunk.count; ++p) {
      const double* position = parts[m].data() + p * kLanes;
      double sum = 0;
      for (int l = 0; l < kLanes; ++l) sum += position[l];
      maps[m].map[chunk.first + p] = sum;
    }
  }
}

template <int L, int B, class S>
FAULTLINE_INLINE void reduce_chunk(const MapChunk<S>& chunk) {
  for (std::size_t m = 0; m < chunk.maps.size(); m += kMapsAtOnce)
    reduce_some<L, B>(chunk, chunk.maps.subspan(m, std::min(kMapsAtOnce, chunk.maps.size() - m)));
}

template <int B, class S>
void reduce_sse2(const MapChunk<S>& chunk) {
  reduce_chunk<2, B>(chunk);
}
template <int B, class S>
FAULTLINE_AVX2 void reduce_avx2(const MapChunk<S>& chunk) {
  reduce_chunk<4, B>(chunk);
}
template <int B, class S>
FAULTLINE_AVX512 void reduce_avx512(const MapChunk<S>& chunk) {
  reduce_chunk<8, B>(chunk);
}

template <int B, class S>
void reduce(const MapChunk<S>& chunk, VectorSet vectors) {
  loop_for(vectors, &reduce_sse2<B, S>, &reduce_avx2<B, S>, &reduce_avx512<B, S>)(chunk);
}

DoubleTensor padded_weights(const WeightedTerm& term, std::int64_t results, const Layout& layout) {
  DoubleTensor result(Shape{results, layout.padded_channels()});
  for (std::int64_t r = 0; r < results; ++r) {
    if (term.weights.elements() == 0) {
      std::fill_n(result.row(r).data(), layout.channels, 1.0);
    } else {
      std::copy_n(term.weights.row(r).data(), layout.channels, result.row(r).data());
    }
  }
  return result;
}

// S_k where it is needed, else 0.
template <class S>
DoubleTensor padded_channel_sums(const BoundRows<S>& bound, Term f, std::int64_t results) {
  DoubleTensor result(Shape{results, bound.layout.padded_channels()});
  if (!uses_channel_sum(f)) return result;
  const DoubleTensor sums = seed_activation_sums(bound);
  for (std::int64_t r = 0; r < results; ++r)
    std::copy_n(sums.row(r).data(), bound.layout.channels, result.row(r).data());
  return result;
}

// rows: [R][maps of the group]
template <class S>
void reduce_group(const BoundRows<S>& bound, const SweepGroup& group,
                  const std::vector<std::vector<MapRow>>& rows) {
  const Layout& layout = bound.layout;
  const std::int64_t chunk = chunk_of(layout.block);
  const std::int64_t chunks = (layout.positions + chunk - 1) / chunk;
  with_block(layout.block, [&](auto block) {
    parallel_for(group.results * chunks, [&](std::int64_t task) {
      const std::int64_t r = task / chunks;
      const std::int64_t first = task % chunks * chunk;
      reduce<block()>(
          MapChunk<S>{layout, activation_row(bound, group.rows, r), gradient_row(bound, group.rows, r), first,
                      std::min(chunk, layout.positions - first), rows[static_cast<std::size_t>(r)]},
          bound.vectors);
    });
  });
}

}  // namespace

template <class S>
std::vector<DoubleTensor> weighted_maps(const BoundRows<S>& bound, std::span<const WeightedTerm> terms) {
  std::vector<Term> summands;
  for (const WeightedTerm& each : terms) summands.push_back(each.term);
  std::vector<DoubleTensor> weights(terms.size());
  std::vector<DoubleTensor> sums(terms.size());
  std::vector<DoubleTensor> maps(terms.size());
  for (const SweepGroup& group : sweep_groups<S>(bound, summands)) {
    std::vector<std::vector<MapRow>> rows(static_cast<std::size_t>(group.results));
    for (const std::size_t t : group.terms) {
      weights[t] = padded_weights(terms[t], group.results, bound.layout);
      sums[t] = padded_channel_sums(bound, summands[t], group.results);
      maps[t] = DoubleTensor::uninitialised(Shape{group.results, bound.layout.positions});
      for (std::int64_t r = 0; r < group.results; ++r) {
        rows[static_cast<std::size_t>(r)].push_back(
            {summands[t], weights[t].row(r).data(), sums[t].row(r).data(), maps[t].row(r).data()});
      }
    }
    reduce_group(bound, group, rows);
  }
  return maps;
}

template std::vector<DoubleTensor> weighted_maps(const BoundRows<float>&, std::span<const WeightedTerm>);
template std::vector<DoubleTensor> weighted_maps(const BoundRows<double>&, std::span<const WeightedTerm>);

}  // namespace faultline::engine
