#pragma once

namespace faultline::engine::onednn {

// Whether oneDNN has fast convolutions of bfloat16 here, forward and backward, on the network's layouts. It
// needs AVX-512 (and emulates the type where the processor lacks it), and follows ONEDNN_MAX_CPU_ISA.
bool has_bf16();

}  // namespace faultline::engine::onednn
