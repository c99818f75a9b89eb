#include "engine/executor/sums.h"

#include <algorithm>
#include <array>

#include "base/parallel.h"

namespace faultline::engine {

namespace {

// Sums one block of channels, which lies contiguously: [positions, B]. A plain channel is summed in 16
// interleaved parts, so that it vectorises as the blocks do.
//   channel_sums, sums: [B], starting at the block.
template <Term F, std::int64_t B, class S>
void sum_block(const S* activation, const S* gradient, std::int64_t positions, const double* channel_sums,
               double* sums) {
  constexpr std::int64_t kParts = B == 1 ? 16 : B;
  std::array<double, static_cast<std::size_t>(kParts)> lanes{};
  const std::int64_t elements = positions * B;
  const std::int64_t whole = elements / kParts * kParts;
  for (std::int64_t i = 0; i < whole; i += kParts) {
    for (std::int64_t l = 0; l < kParts; ++l) {
      lanes[static_cast<std::size_t>(l)] +=
          summand_at<F>(activation, gradient, i + l, channel_sums[B == 1 ? 0 : l]);
    }
  }
  for (std::int64_t i = whole; i < elements; ++i)
    lanes[static_cast<std::size_t>(i - whole)] += summand_at<F>(activation, gradient, i, channel_sums[0]);
  std::fill_n(sums, B, 0.0);
  for (std::int64_t l = 0; l < kParts; ++l) sums[l % B] += lanes[static_cast<std::size_t>(l)];
}

// sums and channel_sums: [results, padded channels].
template <class S>
void sum_rows(const BoundRows<S>& bound, Term f, std::int64_t results, const double* channel_sums,
              double* sums) {
  const Layout& layout = bound.layout;
  const std::int64_t blocks = layout.padded_channels() / layout.block;
  with_term(f, [&](auto term) {
    with_block(layout.block, [&](auto block) {
      parallel_for(results * blocks, [&](std::int64_t task) {
        const std::int64_t r = task / blocks;
        const std::int64_t start = task % blocks * layout.block * layout.positions;
        const S* activation = activation_row(bound, f, r) + start;
        const S* gradient = uses_gradient(f) ? gradient_row(bound, f, r) + start : nullptr;
        sum_block<term(), block()>(activation, gradient, layout.positions, channel_sums + task * layout.block,
                                   sums + task * layout.block);
      });
    });
  });
}

std::int64_t result_count(std::size_t rows, std::size_t seeds, Term f) {
  return static_cast<std::int64_t>(uses_gradient(f) ? seeds : rows);
}

}  // namespace

template <class S>
void position_sums(const BoundRows<S>& bound, Term f, double* sums) {
  const Layout& layout = bound.layout;
  const std::int64_t padded = layout.padded_channels();
  const std::int64_t results = result_count(bound.activations.size(), bound.gradients.size(), f);
  DoubleTensor channel_sums(Shape{results, padded});
  if (f == Term::damped_positive_gradient) {
    const DoubleTensor activation_sums = seed_activation_sums(bound);
    for (std::int64_t r = 0; r < results; ++r)
      std::copy_n(activation_sums.row(r).data(), layout.channels, channel_sums.row(r).data());
  }
  DoubleTensor result(Shape{results, padded});
  sum_rows(bound, f, results, channel_sums.data(), result.data());
  for (std::int64_t r = 0; r < results; ++r)
    std::copy_n(result.row(r).data(), layout.channels, sums + r * layout.channels);
}

template <class S>
DoubleTensor seed_activation_sums(const BoundRows<S>& bound) {
  const std::int64_t channels = bound.layout.channels;
  DoubleTensor by_row(Shape{static_cast<std::int64_t>(bound.activations.size()), channels});
  position_sums(bound, Term::activation, by_row.data());
  DoubleTensor result(Shape{static_cast<std::int64_t>(bound.seed_rows.size()), channels});
  for (std::size_t i = 0; i < bound.seed_rows.size(); ++i) {
    std::copy_n(by_row.row(bound.seed_rows[i]).data(), channels,
                result.row(static_cast<std::int64_t>(i)).data());
  }
  return result;
}

template void position_sums(const BoundRows<float>&, Term, double*);
template void position_sums(const BoundRows<double>&, Term, double*);
template DoubleTensor seed_activation_sums(const BoundRows<float>&);
template DoubleTensor seed_activation_sums(const BoundRows<double>&);

}  // namespace faultline::engine
