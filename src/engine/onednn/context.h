#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <oneapi/dnnl/dnnl.hpp>
#include <utility>

#include "engine/engine.h"
#include "engine/onednn/layouts.h"
#include "tensor/tensor.h"

namespace faultline::engine::onednn {

// What the kernels of one plan share: oneDNN's engine and stream, the channel block, and two buffers that
// each kernel uses only within a call. Kernels reserve while they are made; allocate() follows once.
class Context {
 public:
  explicit Context(EngineOptions options) : options_(std::move(options)), block_(channel_block()) {}

  const dnnl::engine& engine() const { return engine_; }
  dnnl::stream& stream() { return stream_; }
  std::int64_t block() const { return block_; }
  const EngineOptions& options() const { return options_; }

  // At least this many bytes for oneDNN's own use; floats for a kernel's intermediate rows.
  void reserve_scratchpad(std::size_t bytes) {
    scratchpad_floats_ = std::max(scratchpad_floats_, static_cast<std::int64_t>(bytes / sizeof(float)) + 1);
  }
  void reserve_scratch(std::int64_t floats) { scratch_floats_ = std::max(scratch_floats_, floats); }
  void allocate() {
    scratchpad_ = Tensor(Shape{scratchpad_floats_});
    scratch_ = Tensor(Shape{scratch_floats_});
  }

  void* scratchpad() { return scratchpad_.data(); }
  float* scratch() { return scratch_.data(); }

 private:
  EngineOptions options_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::int64_t block_;
  std::int64_t scratchpad_floats_ = 1;
  std::int64_t scratch_floats_ = 1;
  Tensor scratchpad_;
  Tensor scratch_;
};

}  // namespace faultline::engine::onednn
