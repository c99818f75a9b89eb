#include "engine/onednn/winograd_conv.h"

#include <algorithm>
#include <utility>

#include "base/parallel.h"
#include "engine/onednn/winograd_loops.h"
#include "engine/onednn/winograd_tile.h"
#include "engine/onednn/winograd_weights.h"

namespace faultline::engine::onednn {

namespace {

WinogradShape shape_of(const ConvProblem& problem, Direction direction) {
  const net::WindowAxis& y = problem.window.height();
  const net::WindowAxis& x = problem.window.width();
  if (direction == Direction::forward) {
    return {.block = problem.source.block,
            .input_blocks = problem.source.padded_channels() / problem.source.block,
            .output_blocks = problem.destination.padded_channels() / problem.destination.block,
            .input_height = y.extent,
            .input_width = x.extent,
            .output_height = y.outputs,
            .output_width = x.outputs,
            .pad_top = y.pad_begin,
            .pad_left = x.pad_begin};
  }
  return {.block = problem.source.block,
          .input_blocks = problem.destination.padded_channels() / problem.destination.block,
          .output_blocks = problem.source.padded_channels() / problem.source.block,
          .input_height = y.outputs,
          .input_width = x.outputs,
          .output_height = y.extent,
          .output_width = x.extent,
          .pad_top = 2 - y.pad_begin,
          .pad_left = 2 - x.pad_begin};
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
constexpr std::int64_t kOwnBlockChannels = 256 * 256;

class WinogradConv final : public ConvPath {
 public:
  WinogradConv(const ConvProblem& problem, Direction direction, Context& context)
      : problem_(problem),
        direction_(direction),
        context_(context),
        loops_(winograd_loops(problem.source.block)),
        threads_(compute_threads()) {
    call_.shape = shape_of(problem, direction);
    call_.relu = problem.relu && direction == Direction::forward;
    context.reserve_scratch(
        std::max(floats(kSharedBlockTiles), threads_ * floats(own_block_tiles(call_.shape))));
  }

  void set_weights(const float* weights, const float* bias) override {
    weights_ = winograd_weights(weights, problem_, direction_);
    bias_ = Tensor(Shape{call_.shape.outputs()});
    if (direction_ == Direction::forward) std::copy_n(bias, problem_.destination.channels, bias_.data());
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
  }

  std::string implementation() const override {
    return call_.shape.block == 16 ? "winograd (avx512)" : "winograd (avx2)";
  }

 private:
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

  ConvProblem problem_;
  Direction direction_;
  Context& context_;
  WinogradLoops loops_;
  int threads_;
  Tensor weights_;
  Tensor bias_;
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
