#include "engine/executor/sums.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/parallel.h"
#include "engine/common/vector_lanes.h"
#include "engine/executor/sweep_groups.h"

namespace faultline::engine {

namespace {

// A tile stays in the first-level cache while each term adds it up.
constexpr std::int64_t kTileElements = 1024;
// A plain channel is summed in as many interleaved parts, so that it vectorises as blocks do.
constexpr int kPlainParts = 16;
constexpr int parts_of(std::int64_t block) {
  return block == 1 ? kPlainParts : static_cast<int>(block);
}

// One block of channels of one result, which lies contiguously: [positions, B].
template <class S>
struct BlockSums {
  const S* activation;
  const S* gradient;  // null if no term has one
  std::int64_t elements;
  std::span<const Term> terms;
  double* parts;  // [terms, parts_of(B)], to be added to
};

// Adds the elements [first, last) to the parts. channel_sums, parts: [W].
template <int L, int W, class S>
struct AddToParts {
  template <Term F>
  FAULTLINE_INLINE static void run(const BlockSums<S>& block, std::int64_t first, std::int64_t last,
                                   const double* channel_sums, double* parts) {
    DoubleLanes<L> sums[std::size_t{W / L}];
    DoubleLanes<L> channels[std::size_t{W / L}];
    for (std::int64_t q = 0; q < W / L; ++q) {
      load<L>(parts + q * L, sums[q]);
      load<L>(channel_sums + q * L, channels[q]);
    }
    std::int64_t i = first;
    for (; i + W <= last; i += W) {
#pragma GCC unroll 8
      for (std::int64_t q = 0; q < W / L; ++q) {
        DoubleLanes<L> a{};
        DoubleLanes<L> g{};
        DoubleLanes<L> value;
        if constexpr (uses_activation(F)) load<L>(block.activation + i + q * L, a);
        if constexpr (uses_gradient(F)) load<L>(block.gradient + i + q * L, g);
        summand<F>(a, g, channels[q], value);
        sums[q] += value;
      }
    }
    for (std::int64_t q = 0; q < W / L; ++q) store<L>(sums[q], parts + q * L);
    for (int part = 0; i < last; ++i, ++part) {
      double value = 0;
      summand<F>(uses_activation(F) ? double{block.activation[i]} : 0.0,
                 uses_gradient(F) ? double{block.gradient[i]} : 0.0, channel_sums[part], value);
      parts[part] += value;
    }
  }
};

template <int B, class S>
FAULTLINE_INLINE void total_channels(double* parts) {
  if constexpr (B == 1) std::fill_n(parts, kPlainParts, std::accumulate(parts, parts + kPlainParts, 0.0));
}

template <int L, int B, class S>
FAULTLINE_INLINE void sum_block(const BlockSums<S>& block) {
  constexpr int W = parts_of(B);
  using Loop = AddToParts<L, W, S>;
  std::array<double, std::size_t{W}> channel_sums{};
  if (std::ranges::any_of(block.terms, uses_channel_sum)) {
    with_term<Loop>(Term::activation, block, std::int64_t{0}, block.elements, channel_sums.data(),
                    channel_sums.data());
    total_channels<B, S>(channel_sums.data());
  }
  for (std::int64_t first = 0; first < block.elements; first += kTileElements) {
    const std::int64_t last = std::min(block.elements, first + kTileElements);
    for (std::size_t t = 0; t < block.terms.size(); ++t) {
      with_term<Loop>(block.terms[t], block, first, last, channel_sums.data(),
                      block.parts + t * std::size_t{W});
    }
  }
}

template <int B, class S>
void sum_block_sse2(const BlockSums<S>& block) {
  sum_block<2, B>(block);
}
template <int B, class S>
FAULTLINE_AVX2 void sum_block_avx2(const BlockSums<S>& block) {
  sum_block<4, B>(block);
}
template <int B, class S>
FAULTLINE_AVX512 void sum_block_avx512(const BlockSums<S>& block) {
  sum_block<8, B>(block);
}

template <int B, class S>
void sum_any_block(const BlockSums<S>& block, VectorSet vectors) {
  loop_for(vectors, &sum_block_sse2<B, S>, &sum_block_avx2<B, S>, &sum_block_avx512<B, S>)(block);
}

// parts: [R, blocks, terms, parts_of(block)], zero.
template <class S>
void sum_group(const BoundRows<S>& bound, const SweepGroup& group, std::span<const Term> terms,
               double* parts) {
  const Layout& layout = bound.layout;
  const std::int64_t blocks = layout.padded_channels() / layout.block;
  const std::int64_t elements = layout.block * layout.positions;
  const std::int64_t parts_per_task = std::ssize(terms) * parts_of(layout.block);
  with_block(layout.block, [&](auto block) {
    parallel_for(group.results * blocks, [&](std::int64_t task) {
      const std::int64_t start = task % blocks * elements;
      const S* gradient = gradient_row(bound, group.rows, task / blocks);
      sum_any_block<block()>(BlockSums<S>{activation_row(bound, group.rows, task / blocks) + start,
                                          gradient == nullptr ? nullptr : gradient + start, elements, terms,
                                          parts + task * parts_per_task},
                             bound.vectors);
    });
  });
}

// The sums [R,C] of the t-th of `terms` terms.
template <class S>
DoubleTensor total_parts(const BoundRows<S>& bound, std::int64_t results, std::int64_t terms, std::int64_t t,
                         const double* parts) {
  const Layout& layout = bound.layout;
  const std::int64_t blocks = layout.padded_channels() / layout.block;
  const std::int64_t width = parts_of(layout.block);
  DoubleTensor sums(Shape{results, layout.channels});
  for (std::int64_t r = 0; r < results; ++r) {
    for (std::int64_t k = 0; k < layout.channels; ++k) {
      const double* of_block = parts + ((r * blocks + k / layout.block) * terms + t) * width;
      sums[r * layout.channels + k] =
          layout.block == 1 ? std::accumulate(of_block, of_block + width, 0.0) : of_block[k % layout.block];
    }
  }
  return sums;
}

}  // namespace

template <class S>
std::vector<DoubleTensor> position_sums(const BoundRows<S>& bound, std::span<const Term> terms) {
  std::vector<DoubleTensor> sums(terms.size());
  for (const SweepGroup& group : sweep_groups(bound, terms)) {
    std::vector<Term> in_group;
    for (const std::size_t t : group.terms) in_group.push_back(terms[t]);
    const std::int64_t count = std::ssize(in_group);
    DoubleTensor parts(Shape{group.results, bound.layout.padded_channels() / bound.layout.block, count,
                             parts_of(bound.layout.block)});
    sum_group(bound, group, in_group, parts.data());
    for (std::int64_t i = 0; i < count; ++i)
      sums[group.terms[static_cast<std::size_t>(i)]] =
          total_parts(bound, group.results, count, i, parts.data());
  }
  return sums;
}

template <class S>
DoubleTensor seed_activation_sums(const BoundRows<S>& bound) {
  constexpr Term kTerm = Term::activation;
  const DoubleTensor by_row = std::move(position_sums(bound, {&kTerm, 1}).front());
  DoubleTensor result(Shape{std::ssize(bound.seed_rows), bound.layout.channels});
  for (std::size_t i = 0; i < bound.seed_rows.size(); ++i) {
    std::copy_n(by_row.row(bound.seed_rows[i]).data(), bound.layout.channels,
                result.row(static_cast<std::int64_t>(i)).data());
  }
  return result;
}

#define FAULTLINE_INSTANTIATE_SUMS(S)                                                           \
  template std::vector<DoubleTensor> position_sums(const BoundRows<S>&, std::span<const Term>); \
  template DoubleTensor seed_activation_sums(const BoundRows<S>&)
FAULTLINE_INSTANTIATE_SUMS(float);
FAULTLINE_INSTANTIATE_SUMS(double);

}  // namespace faultline::engine
