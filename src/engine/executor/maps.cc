#include "engine/executor/maps.h"

#include <algorithm>
#include <array>

#include "base/parallel.h"
#include "engine/executor/sums.h"
#include "engine/executor/terms.h"

namespace faultline::engine {

namespace {

// The partial sums of a chunk of positions stay in the first-level cache while the channels go by.
constexpr std::int64_t kChunkElements = 1024;

template <class S>
struct MapRow {
  const Layout& layout;
  const S* activation;
  const S* gradient;
  const double* weights;       // [padded channels], 0 in the padding
  const double* channel_sums;  // [padded channels]
};

template <Term F, std::int64_t B, class S>
void reduce_chunk(const MapRow<S>& row, std::int64_t first, std::int64_t count, double* map) {
  std::array<double, kChunkElements> lanes;
  std::fill_n(lanes.begin(), count * B, 0.0);
  for (std::int64_t c = 0; c < row.layout.padded_channels(); c += B) {
    const std::int64_t start = (c / B * row.layout.positions + first) * B;
    for (std::int64_t p = 0; p < count; ++p) {
      for (std::int64_t b = 0; b < B; ++b) {
        const std::int64_t i = p * B + b;
        lanes[static_cast<std::size_t>(i)] +=
            row.weights[c + b] *
            summand_at<F>(row.activation, row.gradient, start + i, row.channel_sums[c + b]);
      }
    }
  }
  for (std::int64_t p = 0; p < count; ++p) {
    const double* position = lanes.data() + p * B;
    double sum = 0;
    for (std::int64_t b = 0; b < B; ++b) sum += position[b];
    map[first + p] = sum;
  }
}

DoubleTensor padded(const DoubleTensor& weights, std::int64_t padded_channels) {
  const std::int64_t channels = weights.shape()[1];
  DoubleTensor result(Shape{weights.shape()[0], padded_channels});
  for (std::int64_t r = 0; r < weights.shape()[0]; ++r)
    std::copy_n(weights.data() + r * channels, channels, result.data() + r * padded_channels);
  return result;
}

}  // namespace

template <class S>
void weighted_maps(const BoundRows<S>& bound, Term f, const DoubleTensor& weights, double* maps) {
  const Layout& layout = bound.layout;
  const std::int64_t results = weights.shape()[0];
  const DoubleTensor factors = padded(weights, layout.padded_channels());
  DoubleTensor sums(factors.shape());
  if (f == Term::damped_positive_gradient)
    sums = padded(seed_activation_sums(bound), layout.padded_channels());
  const std::int64_t chunk = kChunkElements / layout.block;
  const std::int64_t chunks = (layout.positions + chunk - 1) / chunk;
  with_term(f, [&](auto term) {
    with_block(layout.block, [&](auto block) {
      parallel_for(results * chunks, [&](std::int64_t task) {
        const std::int64_t r = task / chunks;
        const std::int64_t first = task % chunks * chunk;
        const MapRow<S> row{layout, activation_row(bound, f, r), gradient_row(bound, f, r),
                            factors.data() + r * layout.padded_channels(),
                            sums.data() + r * layout.padded_channels()};
        reduce_chunk<term(), block()>(row, first, std::min(chunk, layout.positions - first),
                                      maps + r * layout.positions);
      });
    });
  });
}

template void weighted_maps(const BoundRows<float>&, Term, const DoubleTensor&, double*);
template void weighted_maps(const BoundRows<double>&, Term, const DoubleTensor&, double*);

}  // namespace faultline::engine
