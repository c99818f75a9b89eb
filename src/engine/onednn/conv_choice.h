#pragma once

#include <array>
#include <cstdint>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>
#include <string>

#include "engine/onednn/conv_problem.h"
#include "engine/onednn/layouts.h"

namespace faultline::engine::onednn {

// A primitive and what it computes on.
struct ConvChoice {
  // The layouts it computes in; the memory of what it reads and writes (backward reads the destination's
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

// What is multiplied: f32, or what is read and the weights rounded to bf16 (products summed and written in
// f32).
enum class ProductType { f32, bf16 };

// Of the layouts that source and destination may be computed in (plain, or blocks of `block`) takes the pair
// that has an implementation other than oneDNN's plain loops and converts the fewest elements. Blocked
// channels are padded to whole blocks with zero weights, so that padding stays zero. The choice depends on
// the problem and the instruction set alone.
// Nothing if oneDNN has no bf16 implementation but its plain loops. Throws Error{model} if it has none at all
// in f32.
std::optional<ConvChoice> choose_convolution(const ConvProblem& problem, Direction direction,
                                             ProductType type, std::int64_t block,
                                             const dnnl::engine& engine);

}  // namespace faultline::engine::onednn
