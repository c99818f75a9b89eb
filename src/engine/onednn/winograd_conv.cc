#include "engine/onednn/winograd_conv.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "base/parallel.h"
#include "engine/onednn/equal_patches.h"
#include "engine/onednn/winograd_loops.h"
#include "engine/onednn/winograd_tile.h"
#include "engine/onednn/winograd_weights.h"

namespace faultline::engine::onednn {

namespace {

// Backward, the convolution of dy with filters turned round gives dx.
WinogradShape shape_of(const ConvProblem& problem, Direction direction) {
  const bool is_forward = direction == Direction::forward;
  const net::WindowAxis& y = problem.window.height();
  const net::WindowAxis& x = problem.window.width();
  const Layout& from = is_forward ? problem.source : problem.destination;
  const Layout& to = is_forward ? problem.destination : problem.source;
  return {.block = from.block,
          .input_blocks = from.padded_channels() / from.block,
          .output_blocks = to.padded_channels() / to.block,
          .input_height = is_forward ? y.extent : y.outputs,
          .input_width = is_forward ? x.extent : x.outputs,
          .output_height = is_forward ? y.outputs : y.extent,
          .output_width = is_forward ? x.outputs : x.extent,
          .pad_top = is_forward ? y.pad_begin : 2 - y.pad_begin,
          .pad_left = is_forward ? x.pad_begin : 2 - x.pad_begin};
}

// Tiles of a block of which every thread computes its own: their values fit into its second-level cache.
std::int64_t own_block_tiles(const WinogradShape& shape) {
  constexpr std::int64_t kCacheFloats = 225'000;
  const std::int64_t tiles = kCacheFloats / (kTileProducts * (shape.inputs() + shape.outputs()));
  return std::clamp<std::int64_t>(tiles / 6 * 6, 12, 48);
}

// Tiles of a block that all threads compute together, so that large weights are read once for many tiles.
constexpr std::int64_t kSharedBlockTiles = 192;
// Weights beyond this do not stay in the cache next to a thread's own block.
constexpr std::int64_t kOwnBlockChannels = std::int64_t{256} * 256;

// The filters summed over their nine taps, what a flat patch is multiplied with: [output
// block][input][block], inputs padded to whole blocks.
Tensor summed_taps(const float* weights, const ConvProblem& problem) {
  const std::int64_t block = problem.destination.block;
  const std::int64_t inputs = problem.source.channels;
  Tensor sums(Shape{problem.destination.padded_channels() / block, problem.source.padded_channels(), block});
  for (std::int64_t o = 0; o < problem.destination.channels; ++o) {
    for (std::int64_t i = 0; i < inputs; ++i) {
      const float* taps = weights + (o * inputs + i) * 9;
      const double sum = std::accumulate(taps, taps + 9, 0.0);
      sums[(o / block * problem.source.padded_channels() + i) * block + o % block] = static_cast<float>(sum);
    }
  }
  return sums;
}

class WinogradConv final : public ConvPath {
 public:
  WinogradConv(const ConvProblem& problem, Direction direction, Context& context)
      : problem_(problem),
        direction_(direction),
        context_(context),
        patches_(shape_of(problem, direction)),
        loops_(winograd_loops(problem.source.block)),
        threads_(compute_threads()) {
    call_.shape = shape_of(problem, direction);
    call_.relu = problem.relu && is_forward();
    context.reserve_scratch(
        std::max(floats(kSharedBlockTiles), threads_ * floats(own_block_tiles(call_.shape))));
    if (is_forward())
      context.reserve_scratch(patches_.memory() / static_cast<std::int64_t>(sizeof(float)) + 1);
  }

  void set_weights(const float* weights, const float* bias) override {
    weights_ = winograd_weights(weights, problem_, direction_);
    bias_ = Tensor(Shape{call_.shape.outputs()});
    if (is_forward()) {
      std::copy_n(bias, problem_.destination.channels, bias_.data());
      summed_taps_ = summed_taps(weights, problem_);
    }
    call_.weights = weights_.data();
    call_.bias = bias_.data();
  }

  void run(const ConvRows& rows) override {
    call_.rows = rows;
    const std::int64_t tiles = static_cast<std::int64_t>(rows.outputs.size()) * call_.shape.tiles();
    const std::int64_t own = own_block_tiles(call_.shape);
    const std::int64_t blocks = (tiles + own - 1) / own;
    const bool fits = call_.shape.inputs() * call_.shape.outputs() <= kOwnBlockChannels;
    if (fits && compute_threads() <= threads_ && blocks >= std::int64_t{4} * compute_threads()) {
      run_own_blocks(tiles, own);
    } else {
      run_shared_blocks(tiles);
    }
    if (!is_forward() || !rows.output_gates.empty()) return;
    for (std::size_t r = 0; r < rows.outputs.size(); ++r) keep_ties(rows.inputs[r], rows.outputs[r]);
  }

  std::string implementation() const override {
    return call_.shape.block == 16 ? "winograd (avx512)" : "winograd (avx2)";
  }

 private:
  bool is_forward() const { return direction_ == Direction::forward; }

  std::int64_t floats(std::int64_t tiles) const {
    return kTileProducts * (call_.shape.transformed_stride(tiles) + call_.shape.product_stride(tiles));
  }

  WinogradBlock block_at(std::int64_t first, std::int64_t tiles, float* scratch) const {
    return {first, tiles, scratch, scratch + kTileProducts * call_.shape.transformed_stride(tiles)};
  }

  std::int64_t groups() const {
    const std::int64_t size = product_blocks(call_.shape.block);
    return (call_.shape.output_blocks + size - 1) / size;
  }

  void run_own_blocks(std::int64_t tiles, std::int64_t own) {
    parallel_for((tiles + own - 1) / own, [&](std::int64_t i) {
      const WinogradBlock block = block_at(i * own, std::min(own, tiles - i * own),
                                           context_.scratch() + compute_thread() * floats(own));
      loops_.transform(call_, block, 0, call_.shape.input_blocks * block.tiles);
      loops_.multiply(call_, block, 0, kTileProducts * groups());
      loops_.finish(call_, block, 0, call_.shape.output_blocks * block.tiles);
    });
  }

  void run_shared_blocks(std::int64_t tiles) {
    for (std::int64_t first = 0; first < tiles; first += kSharedBlockTiles) {
      const WinogradBlock block =
          block_at(first, std::min(kSharedBlockTiles, tiles - first), context_.scratch());
      run_phase(loops_.transform, block, call_.shape.input_blocks * block.tiles);
      run_phase(loops_.multiply, block, kTileProducts * groups());
      run_phase(loops_.finish, block, call_.shape.output_blocks * block.tiles);
    }
  }

  void run_phase(WinogradPhase phase, const WinogradBlock& block, std::int64_t tasks) {
    const std::int64_t parts = std::min<std::int64_t>(compute_threads(), tasks);
    parallel_for(parts,
                 [&](std::int64_t i) { phase(call_, block, i * tasks / parts, (i + 1) * tasks / parts); });
  }

  // Outputs that are exactly equal get the same bits, as direct sums give them; Winograd's round-off depends
  // on the place in the tile. A pooling window over them then has the winner that the exact values have, the
  // first.
  void keep_ties(const float* x, float* y) {
    const EqualPatches::Ties ties = patches_.find(x, context_.scratch());
    if (!ties.any) return;
    parallel_for(call_.shape.output_blocks, [&](std::int64_t b) {
      float* plane = y + b * call_.shape.output_height * call_.shape.output_width * call_.shape.block;
      for (std::int64_t line = 0; line < call_.shape.output_height; ++line) {
        if (ties.of[static_cast<std::size_t>(line)] > 0) keep_ties_of_line(ties, line, b, x, plane);
      }
    });
  }

  void keep_ties_of_line(const EqualPatches::Ties& ties, std::int64_t line, std::int64_t b, const float* x,
                         float* plane) const {
    const WinogradShape& shape = call_.shape;
    for (std::int64_t j = 0; j < shape.output_width; ++j) {
      const std::int64_t position = line * shape.output_width + j;
      float* y = plane + position * shape.block;
      switch (ties.marks[static_cast<std::size_t>(position)]) {
        case PatchTie::none:
          break;
        case PatchTie::left:
          std::copy_n(y - shape.block, shape.block, y);
          break;
        case PatchTie::above:
          std::copy_n(y - shape.output_width * shape.block, shape.block, y);
          break;
        case PatchTie::flat:
          // The pixel in the middle of the patch; inside the image, as padding equals no pixel
          flat_output(
              x + ((line + 1 - shape.pad_top) * shape.input_width + j + 1 - shape.pad_left) * shape.block, b,
              y);
      }
    }
  }

  // Block b of the output of a flat patch, whose pixel is given.
  void flat_output(const float* pixel, std::int64_t b, float* y) const {
    const WinogradShape& shape = call_.shape;
    const std::int64_t plane = shape.input_height * shape.input_width * shape.block;
    std::array<double, 16> sums{};
    for (std::int64_t k = 0; k < shape.block; ++k)
      sums[static_cast<std::size_t>(k)] = double{call_.bias[b * shape.block + k]};
    const float* weights = summed_taps_.data() + b * shape.inputs() * shape.block;
    for (std::int64_t i = 0; i < shape.inputs(); ++i, weights += shape.block) {
      const double value{pixel[i / shape.block * plane + i % shape.block]};
      for (std::int64_t k = 0; k < shape.block; ++k)
        sums[static_cast<std::size_t>(k)] += value * double{weights[k]};
    }
    for (std::int64_t k = 0; k < shape.block; ++k) {
      const auto sum = static_cast<float>(sums[static_cast<std::size_t>(k)]);
      y[k] = call_.relu && !(sum > 0.0F) ? 0.0F : sum;
    }
  }

  ConvProblem problem_;
  Direction direction_;
  Context& context_;
  EqualPatches patches_;
  WinogradLoops loops_;
  int threads_;
  Tensor weights_;
  Tensor bias_;
  Tensor summed_taps_;  // forward only
  WinogradCall call_;
};

bool is_simple(const net::WindowAxis& axis) {
  return axis.kernel == 3 && axis.stride == 1 && axis.dilation == 1 && axis.pad_begin <= 2 &&
         axis.pad_end <= 2;
}

}  // namespace

bool has_winograd(const ConvProblem& problem) {
  return problem.groups == 1 && problem.source.block > 1 &&
         problem.source.block == problem.destination.block && is_simple(problem.window.height()) &&
         is_simple(problem.window.width());
}

std::unique_ptr<ConvPath> make_winograd_conv(const ConvProblem& problem, Direction direction,
                                             Context& context) {
  return std::make_unique<WinogradConv>(problem, direction, context);
}

}  // namespace faultline::engine::onednn
