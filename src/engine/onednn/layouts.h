#pragma once

#include <cstdint>

#include "engine/kernel.h"
#include "tensor/shape.h"

namespace faultline::engine::onednn {

// The channel block in which oneDNN's fast convolutions of this process compute, forward and backward: 16
// (AVX-512), 8 (AVX2), or 1 where only its plain ones run in both directions (SSE4.1: measured as fast). It
// follows the instruction set that oneDNN may use (ONEDNN_MAX_CPU_ISA, dnnl::set_max_cpu_isa).
std::int64_t channel_block();

// The layout of a value of this sample shape: maps [C,h,w] with more than 4 channels are blocked; images and
// values of any other rank are plain, as [first extent, positions].
Layout layout_of(const Shape& sample_shape, std::int64_t block);

// The same value with block 1; in blocks of `block`.
Layout plain(const Layout& layout);
Layout blocked(const Layout& layout, std::int64_t block);

// Writes one row in another layout, padding included (with zeros). At least one of the two is plain.
void convert_row(const Layout& from, const float* source, const Layout& to, float* destination);

}  // namespace faultline::engine::onednn
