#include "engine/onednn/conv_choice.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"

namespace faultline::engine::onednn {

namespace {

using dnnl::memory;
constexpr auto kFloat = memory::data_type::f32;

memory::format_tag tag_of(std::int64_t block) {
  if (block == 16) return memory::format_tag::nChw16c;
  return block == 8 ? memory::format_tag::nChw8c : memory::format_tag::nchw;
}

std::int64_t extent(const Layout& layout) {
  return layout.padded_channels();
}

// The weights' groups, outputs and inputs a group on these layouts; nothing if padding would break the
// groups.
std::optional<std::array<std::int64_t, 3>> group_extents(const ConvProblem& problem, const Layout& source,
                                                         const Layout& destination) {
  const std::int64_t inputs = extent(source);
  const std::int64_t outputs = extent(destination);
  if (problem.groups == 1) return std::array<std::int64_t, 3>{1, outputs, inputs};
  const bool is_depthwise =
      problem.groups == problem.source.channels && problem.groups == problem.destination.channels;
  if (is_depthwise && inputs == outputs) return std::array<std::int64_t, 3>{inputs, 1, 1};
  if (inputs != problem.source.channels || outputs != problem.destination.channels) return std::nullopt;
  return std::array<std::int64_t, 3>{problem.groups, outputs / problem.groups, inputs / problem.groups};
}

struct Descriptors {
  memory::desc source;
  memory::desc weights;
  memory::desc bias;
  memory::desc destination;
  memory::dims strides;
  memory::dims dilations;
  memory::dims begin;
  memory::dims end;
};

Descriptors describe(const ConvProblem& problem, Direction direction, ProductType type, const Layout& source,
                     const Layout& destination, const memory::dims& weights) {
  const auto products = type == ProductType::f32 ? kFloat : memory::data_type::bf16;
  const bool is_forward = direction == Direction::forward;
  const net::WindowAxis& y = problem.window.height();
  const net::WindowAxis& x = problem.window.width();
  return {.source = {{1, extent(source), y.extent, x.extent},
                     is_forward ? products : kFloat,
                     tag_of(source.block)},
          .weights = {weights, products, memory::format_tag::any},
          .bias = {{extent(destination)}, kFloat, memory::format_tag::x},
          .destination = {{1, extent(destination), y.outputs, x.outputs},
                          is_forward ? kFloat : products,
                          tag_of(destination.block)},
          .strides = {y.stride, x.stride},
          .dilations = {y.dilation - 1, x.dilation - 1},  // oneDNN counts from 0
          .begin = {y.pad_begin, x.pad_begin},
          .end = {y.pad_end, x.pad_end}};
}

dnnl::primitive_attr attributes(bool relu) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (relu) {
    dnnl::post_ops after;
    after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
    attributes.set_post_ops(after);
  }
  return attributes;
}

dnnl::convolution_forward::primitive_desc forward_descriptor(const Descriptors& d, bool relu,
                                                             const dnnl::engine& engine) {
  return {{dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, d.source, d.weights,
           d.bias, d.destination, d.strides, d.dilations, d.begin, d.end},
          attributes(relu),
          engine};
}

// oneDNN wants the forward convolution that a backward one belongs to, all in the type of the products.
dnnl::convolution_forward::primitive_desc hint(const Descriptors& d, const dnnl::engine& engine) {
  memory::desc source = d.source;
  memory::desc destination = d.destination;
  source.data.data_type = d.weights.data.data_type;
  destination.data.data_type = d.weights.data.data_type;
  return {{dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, source, d.weights,
           destination, d.strides, d.dilations, d.begin, d.end},
          engine};
}

dnnl::convolution_backward_data::primitive_desc backward_descriptor(const Descriptors& d,
                                                                    const dnnl::engine& engine) {
  return {{dnnl::algorithm::convolution_direct, d.source, d.weights, d.destination, d.strides, d.dilations,
           d.begin, d.end},
          attributes(false),
          engine,
          hint(d, engine)};
}

// The pairs of blocks to try: cheapest conversion first.
std::vector<std::pair<std::int64_t, std::int64_t>> block_pairs(const ConvProblem& problem,
                                                               std::int64_t block) {
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const std::int64_t source : {std::int64_t{1}, block}) {
    for (const std::int64_t destination : {std::int64_t{1}, block}) pairs.emplace_back(source, destination);
  }
  const auto cost = [&](const std::pair<std::int64_t, std::int64_t>& pair) {
    const Layout source = blocked(problem.source, pair.first);
    const Layout destination = blocked(problem.destination, pair.second);
    return (source == problem.source ? 0 : source.row_elements()) +
           (destination == problem.destination ? 0 : destination.row_elements());
  };
  std::stable_sort(pairs.begin(), pairs.end(),
                   [&](const auto& a, const auto& b) { return cost(a) < cost(b); });
  return pairs;
}

// Fills in what both directions' descriptors tell in the same way.
template <class Descriptor>
void take(const Descriptor& descriptor, ConvChoice& choice) {
  choice.implementation = descriptor.impl_info_str();
  choice.weights = descriptor.weights_desc();
  choice.scratchpad = descriptor.scratchpad_desc();
}

// The best that oneDNN has on these layouts; nothing if it has none, or if `fast_only` nothing but its plain
// loops.
std::optional<ConvChoice> choose(const ConvProblem& problem, Direction direction, ProductType type,
                                 const Layout& source, const Layout& destination, bool fast_only,
                                 const dnnl::engine& engine) {
  const auto extents = group_extents(problem, source, destination);
  if (!extents) return std::nullopt;
  const auto [groups, outputs, inputs] = *extents;
  memory::dims dims{outputs, inputs, problem.window.height().kernel, problem.window.width().kernel};
  if (problem.groups > 1) dims.insert(dims.begin(), groups);
  const Descriptors d = describe(problem, direction, type, source, destination, dims);
  const bool is_forward = direction == Direction::forward;
  ConvChoice choice{.source = source,
                    .destination = destination,
                    .input = is_forward ? d.source : d.destination,
                    .output = is_forward ? d.destination : d.source,
                    .bias = d.bias,
                    .group_extents = {groups, outputs, inputs}};
  try {
    if (is_forward) {
      const auto descriptor = forward_descriptor(d, problem.relu, engine);
      take(descriptor, choice);
      if (fast_only && choice.is_reference()) return std::nullopt;
      choice.primitive = dnnl::convolution_forward(descriptor);
    } else {
      const auto descriptor = backward_descriptor(d, engine);
      take(descriptor, choice);
      if (fast_only && choice.is_reference()) return std::nullopt;
      choice.primitive = dnnl::convolution_backward_data(descriptor);
    }
  } catch (const dnnl::error& error) {
    if (error.status == dnnl_unimplemented) return std::nullopt;
    throw;
  }
  return choice;
}

}  // namespace

std::optional<ConvChoice> choose_convolution(const ConvProblem& problem, Direction direction,
                                             ProductType type, std::int64_t block,
                                             const dnnl::engine& engine) {
  for (const bool fast_only : {true, false}) {
    if (!fast_only && type != ProductType::f32) return std::nullopt;
    for (const auto& [source, destination] : block_pairs(problem, block)) {
      auto choice = choose(problem, direction, type, blocked(problem.source, source),
                           blocked(problem.destination, destination), fast_only, engine);
      if (choice) return choice;
    }
  }
  throw Error(ErrorKind::model, "oneDNN has no implementation of this convolution, expected one it can run");
}

}  // namespace faultline::engine::onednn
