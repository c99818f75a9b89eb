#include "engine/onednn/winograd_weights.h"

#include <algorithm>
#include <array>

#include "base/parallel.h"
#include "engine/onednn/winograd_tile.h"

namespace faultline::engine::onednn {

namespace {

using Filter = std::array<double, 9>;
using Products = std::array<double, static_cast<std::size_t>(kTileProducts)>;
using Row = std::array<double, 3>;

// G: row i is (1, p, p^2) / prod_{j != i} (p_i - p_j) at the i-th point, (0, 0, 1) at infinity.
std::array<Row, 6> filter_matrix() {
  constexpr std::array<double, 5> points{0, winograd::kA, -winograd::kA, winograd::kB, -winograd::kB};
  std::array<Row, 6> matrix{};
  for (std::size_t i = 0; i < points.size(); ++i) {
    double product = 1;
    for (std::size_t j = 0; j < points.size(); ++j) {
      if (j != i) product *= points[i] - points[j];
    }
    matrix[i] = {1 / product, points[i] / product, points[i] * points[i] / product};
  }
  matrix[5] = {0, 0, 1};
  return matrix;
}

Products transform_filter(const std::array<Row, 6>& g, const Filter& w) {
  std::array<Row, 6> half{};
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 3; ++j) half[i][j] = g[i][0] * w[j] + g[i][1] * w[3 + j] + g[i][2] * w[6 + j];
  }
  Products products{};
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 6; ++j)
      products[i * 6 + j] = half[i][0] * g[j][0] + half[i][1] * g[j][1] + half[i][2] * g[j][2];
  }
  return products;
}

}  // namespace

Tensor winograd_weights(const float* weights, const ConvProblem& problem, Direction direction) {
  const bool is_forward = direction == Direction::forward;
  const Layout& from = is_forward ? problem.source : problem.destination;
  const Layout& to = is_forward ? problem.destination : problem.source;
  const std::int64_t block = to.block;
  const std::int64_t inputs = from.padded_channels();
  const std::int64_t blocks = to.padded_channels() / block;
  const std::int64_t group_size = product_blocks(block);
  const auto g = filter_matrix();
  Tensor result(Shape{kTileProducts, blocks, inputs, block});
  parallel_for(blocks, [&](std::int64_t b) {
    const std::int64_t group = b / group_size * group_size;
    const std::int64_t group_blocks = std::min(group_size, blocks - group);
    for (std::int64_t i = 0; i < from.channels; ++i) {
      for (std::int64_t o = b * block; o < std::min((b + 1) * block, to.channels); ++o) {
        const float* w = weights + (is_forward ? o * from.channels + i : i * to.channels + o) * 9;
        Filter filter{};
        for (std::size_t tap = 0; tap < 9; ++tap) filter[tap] = double{w[is_forward ? tap : 8 - tap]};
        const Products products = transform_filter(g, filter);
        float* out = result.data() + (group * inputs + i * group_blocks + b - group) * block + o % block;
        for (std::size_t xi = 0; xi < products.size(); ++xi)
          out[static_cast<std::int64_t>(xi) * blocks * inputs * block] = static_cast<float>(products[xi]);
      }
    }
  });
  return result;
}

}  // namespace faultline::engine::onednn
