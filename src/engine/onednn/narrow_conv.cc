#include "engine/onednn/narrow_conv.h"

#include <algorithm>

#include "base/error.h"
#include "base/parallel.h"
#include "engine/common/vector_lanes.h"
#include "tensor/tensor.h"

namespace faultline::engine::onednn {

namespace {

constexpr std::int64_t kMaxChannels = 4;
constexpr std::int64_t kPositions = 4;  // computed together where the stride is 1

struct NarrowCall {
  ConvProblem problem;
  const float* weights = nullptr;  // [output blocks, kh, kw, C, block]
  ConvRows rows = {};
};

// Where the taps of one source line read: lines of the output's gradient.
struct Lines {
  const float* gradient = nullptr;  // one row: [output blocks][outputs][block]
  const float* gates = nullptr;
  float* out = nullptr;  // one row: [C][positions]
  std::int64_t y = 0;
};

// The output index that reads source position p with tap u; -1 if none does.
FAULTLINE_INLINE std::int64_t reader(const net::WindowAxis& axis, std::int64_t p, std::int64_t u) {
  const std::int64_t shifted = p + axis.pad_begin - u * axis.dilation;
  if (shifted < 0 || shifted % axis.stride != 0) return -1;
  return shifted / axis.stride < axis.outputs ? shifted / axis.stride : -1;
}

// Gradients of C channels at P positions from x on. With P > 1 the stride is 1 and every tap reads inside.
template <bool kGated, std::int64_t C, std::int64_t P, std::int64_t B>
FAULTLINE_INLINE void gradient_at(const NarrowCall& call, const Lines& lines, std::int64_t x) {
  const net::WindowAxis& down = call.problem.window.height();
  const net::WindowAxis& across = call.problem.window.width();
  const std::int64_t plane = call.problem.destination.positions * B;
  const std::int64_t blocks = call.problem.destination.padded_channels() / B;
  Lanes<B> sums[std::size_t{P}][std::size_t{C}] = {};
  for (std::int64_t u = 0; u < down.kernel; ++u) {
    const std::int64_t line = reader(down, lines.y, u);
    if (line < 0) continue;
    for (std::int64_t v = 0; v < across.kernel; ++v) {
      const std::int64_t column = reader(across, x, v);
      if (column < 0) continue;
      const std::int64_t offset = (line * across.outputs + column) * B;
      for (std::int64_t b = 0; b < blocks; ++b) {
        const float* filters = call.weights + ((b * down.kernel + u) * across.kernel + v) * C * B;
        Lanes<B> weights[std::size_t{C}];
#pragma GCC unroll 4
        for (std::int64_t c = 0; c < C; ++c) load(filters + c * B, weights[c]);
#pragma GCC unroll 4
        for (std::int64_t p = 0; p < P; ++p) {
          Lanes<B> gradient;
          load(lines.gradient + b * plane + offset + p * B, gradient);
          if (kGated) close_gates(lines.gates + b * plane + offset + p * B, gradient);
#pragma GCC unroll 4
          for (std::int64_t c = 0; c < C; ++c) sums[p][c] += gradient * weights[c];
        }
      }
    }
  }
  for (std::int64_t p = 0; p < P; ++p) {
    for (std::int64_t c = 0; c < C; ++c) {
      float sum = 0;
      for (std::int64_t lane = 0; lane < B; ++lane) sum += sums[p][c][lane];
      lines.out[c * call.problem.source.positions + lines.y * across.extent + x + p] = sum;
    }
  }
}

template <bool kGated, std::int64_t C, std::int64_t B>
FAULTLINE_INLINE void gradient_line(const NarrowCall& call, const Lines& lines) {
  const net::WindowAxis& axis = call.problem.window.width();
  // Positions that all taps of every output lie around; only there can positions share the taps.
  const std::int64_t reach = (axis.kernel - 1) * axis.dilation;
  const std::int64_t first = std::max<std::int64_t>(0, reach - axis.pad_begin);
  const std::int64_t last = std::min(axis.extent, axis.outputs - axis.pad_begin);
  std::int64_t x = 0;
  while (x < axis.extent) {
    if (axis.stride == 1 && x >= first && x + kPositions <= last) {
      gradient_at<kGated, C, kPositions, B>(call, lines, x);
      x += kPositions;
    } else {
      gradient_at<kGated, C, 1, B>(call, lines, x);
      ++x;
    }
  }
}

// Source lines [first, last) of all rows, one after the other.
template <std::int64_t C, std::int64_t B>
FAULTLINE_INLINE void gradient_lines(const NarrowCall& call, std::int64_t first, std::int64_t last) {
  const std::int64_t height = call.problem.window.height().extent;
  for (std::int64_t task = first; task < last; ++task) {
    const auto row = static_cast<std::size_t>(task / height);
    const bool is_gated = !call.rows.input_gates.empty();
    const Lines lines{.gradient = call.rows.inputs[row],
                      .gates = is_gated ? call.rows.input_gates[row] : nullptr,
                      .out = call.rows.outputs[row],
                      .y = task % height};
    if (is_gated) {
      gradient_line<true, C, B>(call, lines);
    } else {
      gradient_line<false, C, B>(call, lines);
    }
  }
}

template <std::int64_t B>
FAULTLINE_INLINE void gradients(const NarrowCall& call, std::int64_t first, std::int64_t last) {
  switch (call.problem.source.channels) {
    case 1:
      return gradient_lines<1, B>(call, first, last);
    case 2:
      return gradient_lines<2, B>(call, first, last);
    case 3:
      return gradient_lines<3, B>(call, first, last);
    default:
      return gradient_lines<4, B>(call, first, last);
  }
}

FAULTLINE_AVX2 void gradients_avx2(const NarrowCall& call, std::int64_t first, std::int64_t last) {
  gradients<8>(call, first, last);
}
FAULTLINE_AVX512 void gradients_avx512(const NarrowCall& call, std::int64_t first, std::int64_t last) {
  gradients<16>(call, first, last);
}

class NarrowConv final : public ConvPath {
 public:
  explicit NarrowConv(const ConvProblem& problem) { call_.problem = problem; }

  void set_weights(const float* weights, const float* /*bias*/) override {
    const Layout& outputs = call_.problem.destination;
    const std::int64_t channels = call_.problem.source.channels;
    const std::int64_t taps = call_.problem.taps();
    weights_ = Tensor(Shape{outputs.padded_channels() / outputs.block, taps, channels, outputs.block});
    for (std::int64_t o = 0; o < outputs.channels; ++o) {
      for (std::int64_t c = 0; c < channels; ++c) {
        for (std::int64_t tap = 0; tap < taps; ++tap) {
          weights_[((o / outputs.block * taps + tap) * channels + c) * outputs.block + o % outputs.block] =
              weights[(o * channels + c) * taps + tap];
        }
      }
    }
    call_.weights = weights_.data();
  }

  void run(const ConvRows& rows) override {
    call_.rows = rows;
    const std::int64_t lines =
        static_cast<std::int64_t>(rows.outputs.size()) * call_.problem.window.height().extent;
    const auto loop = call_.problem.destination.block == 16 ? gradients_avx512 : gradients_avx2;
    const std::int64_t parts = std::min<std::int64_t>(compute_threads(), lines);
    parallel_for(parts, [&](std::int64_t i) { loop(call_, i * lines / parts, (i + 1) * lines / parts); });
  }

  std::string implementation() const override {
    return call_.problem.destination.block == 16 ? "narrow (avx512)" : "narrow (avx2)";
  }

 private:
  NarrowCall call_;
  Tensor weights_;
};

}  // namespace

bool has_narrow(const ConvProblem& problem) {
  return problem.groups == 1 && problem.source.block == 1 && problem.source.channels <= kMaxChannels &&
         problem.destination.block > 1;
}

std::unique_ptr<ConvPath> make_narrow_conv(const ConvProblem& problem) {
  return std::make_unique<NarrowConv>(problem);
}

}  // namespace faultline::engine::onednn
