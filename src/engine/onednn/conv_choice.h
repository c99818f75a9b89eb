#pragma once

#include <array>
#include <cstdint>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>

#include "engine/onednn/layouts.h"
#include "net/ops/window.h"

namespace faultline::engine::onednn {

// A two-dimensional convolution of one image, as net::Conv defines it, between two values of the network.
struct ConvProblem {
  net::Window window;
  std::int64_t groups = 1;
  Layout source;  // the network's own layouts; a primitive may compute in others
  Layout destination;
  bool relu = false;  // y = max(conv, 0), forward only

  std::int64_t taps() const { return window.height().kernel * window.width().kernel; }
  std::int64_t multiply_adds() const {
    return destination.channels * destination.positions * (source.channels / groups) * taps();
  }
};

enum class Direction { forward, backward_data };

// A primitive and what it computes on.
struct ConvChoice {
  // The layouts it computes in; the memory of what it reads and writes (backward_data reads the destination's
  // gradient and writes the source's).
  Layout source;
  Layout destination;
  dnnl::memory::desc input;
  dnnl::memory::desc output;
  dnnl::memory::desc bias;
  dnnl::memory::desc weights = {};
  dnnl::memory::desc scratchpad = {};
  // Of the weights, padded: groups, outputs a group, inputs a group.
  std::array<std::int64_t, 3> group_extents;
  // As dnnl::primitive_desc::impl_info_str gives it, "jit:avx512_core"; "ref:any" are oneDNN's plain loops.
  std::string implementation = {};
  dnnl::primitive primitive = {};

  bool is_reference() const { return implementation.starts_with("ref"); }
};

// Of the layouts that source and destination may be computed in (plain, or blocks of `block`) takes the pair
// that has an implementation other than oneDNN's plain loops and converts the fewest elements. Blocked
// channels are padded to whole blocks with zero weights, so that padding stays zero. The choice depends on
// the problem and the instruction set alone.
// Throws Error{model} if oneDNN has no implementation at all.
ConvChoice choose_convolution(const ConvProblem& problem, Direction direction, std::int64_t block,
                              const dnnl::engine& engine);

}  // namespace faultline::engine::onednn
