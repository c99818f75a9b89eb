#include "engine/random_graph.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "base/error.h"
#include "base/philox.h"
#include "engine/networks.h"

namespace faultline::test {

namespace {

using net::Graph;
using net::NodeId;

constexpr std::int64_t kMostElements = 4000;  // of a value of one image

class Builder {
 public:
  explicit Builder(std::uint64_t seed) : stream_(seed, "random graph") {
    last_ = graph_.add("image", net::Input{Shape{3, in(5, 14), in(5, 14)}}, {});
    maps_.push_back(last_);
  }

  Graph build() {
    const std::int64_t steps = in(4, 14);
    for (std::int64_t i = 0; i < steps; ++i) add_random();
    add_head();
    if (chance(2)) return graph_;
    return net::with_preprocessing(
        graph_, {.source = {2, 0, 1}, .scale = 1.5f, .mean = {0.4f, 0.5f, 0.1f}, .std = {0.5f, 0.7f, 1.3f}});
  }

 private:
  std::int64_t in(std::int64_t least, std::int64_t most) {
    return least +
           static_cast<std::int64_t>(stream_.below(next_++, static_cast<std::uint64_t>(most - least + 1)));
  }
  bool chance(std::int64_t one_in) { return in(1, one_in) == 1; }
  std::string name(const std::string& kind) { return kind + std::to_string(graph_.size()); }

  Shape shape(NodeId id) const { return graph_.infer_shapes(1)[static_cast<std::size_t>(id)]; }

  NodeId constant(const Shape& extents, double scale, double offset = 0) {
    Tensor values(extents);
    for (float& value : values.values()) value = static_cast<float>(offset + scale * stream_.normal(next_++));
    return graph_.add_constant(name("constant"), std::move(values));
  }
  // [extents] in [0.5, 1.5]
  NodeId positive_constant(const Shape& extents) {
    Tensor values(extents);
    for (float& value : values.values()) value = static_cast<float>(0.5 + stream_.uniform(next_++));
    return graph_.add_constant(name("constant"), std::move(values));
  }

  // Most often the last value, so that networks are deep.
  NodeId pick() {
    return chance(4) ? maps_[static_cast<std::size_t>(in(0, static_cast<std::int64_t>(maps_.size()) - 1))]
                     : last_;
  }

  // Keeps what `add` adds if its parameters fit and the value is neither too large nor empty.
  void keep(const std::function<NodeId()>& add) {
    const Graph before = graph_;
    try {
      const NodeId id = add();
      const Shape value = shape(id);
      if (value.rank() == 4 && value.elements() > 0 && value.elements() <= kMostElements) {
        last_ = id;
        maps_.push_back(id);
        return;
      }
    } catch (const Error&) {  // the drawn parameters do not fit the shape
    }
    graph_ = before;
  }

  void add_random() {
    switch (in(0, 13)) {
      case 0:
      case 1:
      case 2:
      case 3:
        keep([&] { return activated(convolution(pick())); });
        return;
      case 4:
        keep([&] { return activation(pick()); });
        return;
      case 5:
      case 6:
        keep([&] { return max_pool(pick()); });
        return;
      case 7:
        keep([&] { return average_pool(pick()); });
        return;
      case 8:
        keep([&] {
          return graph_.add(name("concat"), net::Concat{.axis = chance(2) ? 1 : -3}, {pick(), last_});
        });
        return;
      case 9:
        keep([&] { return binary(pick(), last_); });
        return;
      case 10:
        keep([&] { return with_constant(pick()); });
        return;
      case 11:
        keep([&] { return rearranged(pick()); });
        return;
      case 12:
        keep([&] { return normalised(pick()); });
        return;
      default:
        keep([&] { return join(); });
        return;
    }
  }

  NodeId convolution(NodeId input) {
    const std::int64_t channels = shape(input)[1];
    const std::int64_t groups = chance(3) ? (chance(2) ? channels : in(1, channels)) : 1;
    const std::int64_t inputs = channels / groups;
    const std::int64_t outputs = groups * in(1, std::max<std::int64_t>(1, 20 / groups));
    const Shape kernel{outputs, inputs, in(1, 3), in(1, 3)};
    net::Conv op{.groups = groups};
    if (chance(2)) op.strides = {in(1, 2), in(1, 2)};
    if (chance(4)) op.dilations = {in(1, 2), in(1, 2)};
    if (!chance(4)) op.pads = {in(0, 2), in(0, 2), in(0, 2), in(0, 2)};
    if (chance(5)) op.pads = {}, op.auto_pad = net::AutoPad::same_upper;
    const NodeId weights = constant(kernel, std::sqrt(2.0 / static_cast<double>(kernel.elements(1, 4))));
    if (chance(3)) return graph_.add(name("conv"), op, {input, weights});
    return graph_.add(name("conv"), op, {input, weights, constant(Shape{outputs}, 0.3)});
  }

  NodeId activated(NodeId input) {
    if (chance(3)) input = batch_normalization(input);
    return chance(4) ? input : activation(input);
  }

  NodeId batch_normalization(NodeId input) {
    const Shape channels{shape(input)[1]};
    const NodeId scale = positive_constant(channels);
    const NodeId offset = constant(channels, 0.3);
    const NodeId mean = constant(channels, 0.3);
    const NodeId variance = positive_constant(channels);
    return graph_.add(name("normalization"), net::BatchNormalization{.epsilon = 1e-3f},
                      {input, scale, offset, mean, variance});
  }

  NodeId activation(NodeId input) {
    switch (in(0, 6)) {
      case 0:
        return graph_.add(name("leaky"), net::LeakyRelu{.alpha = 0.2f}, {input});
      case 1:
        return graph_.add(name("clip"), net::Clip{.min = -0.5f, .max = 0.75f}, {input});
      case 2:
        return graph_.add(name("sigmoid"), net::Sigmoid{}, {input});
      case 3:
        return graph_.add(name("tanh"), net::Tanh{}, {input});
      default:
        return graph_.add(name("relu"), net::Relu{}, {input});
    }
  }

  NodeId max_pool(NodeId input) {
    net::MaxPool op{.kernel = {in(1, 3), in(1, 3)}, .ceil_mode = chance(2)};
    op.strides = {in(1, 2), in(1, 2)};
    if (chance(4)) op.dilations = {in(1, 2), in(1, 2)};
    if (chance(2)) op.pads = {in(0, 1), in(0, 1), in(0, 1), in(0, 1)};
    return graph_.add(name("max"), op, {input});
  }

  NodeId average_pool(NodeId input) {
    net::AveragePool op{
        .kernel = {in(1, 3), in(1, 3)}, .ceil_mode = chance(2), .count_include_pad = chance(2)};
    op.strides = {in(1, 2), in(1, 2)};
    if (chance(4)) op.dilations = {in(1, 2), in(1, 2)};
    if (chance(2)) op.pads = {in(0, 1), in(0, 1), in(0, 1), in(0, 1)};
    return graph_.add(name("average"), op, {input});
  }

  NodeId binary(NodeId a, NodeId b) {
    constexpr std::array kKinds = {net::Binary::Kind::add, net::Binary::Kind::sub, net::Binary::Kind::mul};
    return graph_.add(name("binary"), net::Binary{kKinds[static_cast<std::size_t>(in(0, 2))]}, {a, b});
  }

  // The same kind of branch twice, joined again: shapes always fit.
  NodeId join() {
    const NodeId from = pick();
    const NodeId other = activation(from);
    return chance(2) ? binary(batch_normalization(from), other)
                     : graph_.add(name("concat"), net::Concat{.axis = 1}, {other, from});
  }

  NodeId with_constant(NodeId input) {
    const Shape extents = shape(input);
    const std::array<Shape, 4> broadcast = {Shape{extents[1], 1, 1}, Shape{1}, Shape{extents[3]},
                                            Shape{1, extents[1], extents[2], 1}};
    const Shape& shape_of_constant = broadcast[static_cast<std::size_t>(in(0, 3))];
    switch (in(0, 4)) {
      case 0:
        return graph_.add(name("div"), net::Binary{net::Binary::Kind::div},
                          {input, positive_constant(shape_of_constant)});
      case 1:
        return graph_.add(name("mul"), net::Binary{net::Binary::Kind::mul},
                          {constant(shape_of_constant, 1), input});
      case 2:
        return graph_.add(name("sub"), net::Binary{net::Binary::Kind::sub},
                          {constant(shape_of_constant, 1), input});
      default:
        return graph_.add(name("add"), net::Binary{net::Binary::Kind::add},
                          {input, constant(shape_of_constant, 1)});
    }
  }

  NodeId rearranged(NodeId input) {
    const Shape extents = shape(input);
    switch (in(0, 5)) {
      case 0:
        return graph_.add(name("transpose"),
                          net::Transpose{chance(2) ? std::vector<std::int64_t>{0, 1, 3, 2}
                                                   : std::vector<std::int64_t>{0, 2, 3, 1}},
                          {input});
      case 1:
        return graph_.add(name("reshape"), net::Reshape{.dims = {0, extents[1], extents[3], -1}}, {input});
      case 2: {
        const NodeId deeper = graph_.add(name("unsqueeze"), net::Unsqueeze{{2}}, {input});
        return graph_.add(name("squeeze"), net::Squeeze{{2}}, {deeper});
      }
      case 3: {
        net::Pad pad{.pads = {0, in(0, 1), in(0, 2), in(0, 2), 0, in(0, 1), in(0, 2), in(0, 2)},
                     .value = 0.25f};
        if (chance(2)) pad.mode = net::Pad::Mode::reflect;
        return graph_.add(name("pad"), pad, {input});
      }
      default:
        return graph_.add(name("identity"), net::Identity{}, {input});
    }
  }

  NodeId normalised(NodeId input) {
    if (chance(3)) return graph_.add(name("softmax"), net::Softmax{.axis = 1}, {input});
    return graph_.add(name("lrn"), net::Lrn{.size = in(1, 5), .alpha = 0.3f, .beta = 0.6f, .bias = 1.5f},
                      {input});
  }

  void add_head() {
    NodeId value = last_;
    if (chance(2)) value = graph_.add(name("mean"), net::GlobalAveragePool{}, {value});
    value = graph_.add(name("flatten"), net::Flatten{}, {value});
    if (chance(2)) value = activation(dense(value, in(5, 20)));
    graph_.set_output(dense(value, in(2, 9)));
  }

  NodeId dense(NodeId input, std::int64_t outputs) {
    const std::int64_t inputs = shape(input)[1];
    const double scale = std::sqrt(2.0 / static_cast<double>(inputs));
    if (chance(3)) {
      const NodeId product =
          graph_.add(name("matmul"), net::MatMul{}, {input, constant(Shape{inputs, outputs}, scale)});
      return graph_.add(name("bias"), net::Binary{net::Binary::Kind::add},
                        {product, constant(Shape{outputs}, 0.3)});
    }
    const bool transposed = chance(2);
    const NodeId weights = constant(transposed ? Shape{outputs, inputs} : Shape{inputs, outputs}, scale);
    const net::Gemm op{.alpha = 0.8f, .beta = 1.2f, .transpose_b = transposed};
    if (chance(4)) return graph_.add(name("gemm"), op, {input, weights});
    return graph_.add(name("gemm"), op, {input, weights, constant(Shape{outputs}, 0.3)});
  }

  RandomStream stream_;
  std::uint64_t next_ = 0;
  Graph graph_ = {};
  NodeId last_ = -1;
  std::vector<NodeId> maps_ = {};
};

double terms_of(const net::Node& node, const std::vector<Shape>& shapes) {
  const auto input = [&](std::size_t i) { return shapes[static_cast<std::size_t>(node.inputs[i])]; };
  if (std::holds_alternative<net::Conv>(node.op)) return static_cast<double>(input(1).elements(1, 4));
  if (std::holds_alternative<net::Gemm>(node.op) || std::holds_alternative<net::MatMul>(node.op))
    return static_cast<double>(input(0)[1]);
  if (std::holds_alternative<net::GlobalAveragePool>(node.op))
    return static_cast<double>(input(0).elements(2, 4));
  if (std::holds_alternative<net::Softmax>(node.op)) return static_cast<double>(input(0)[1]);
  return 10;  // pools, normalisations and transcendental functions; more than enough for the others
}

}  // namespace

net::Graph random_graph(std::uint64_t seed) {
  return Builder(seed).build();
}

std::vector<double> reduction_lengths(const net::Graph& graph) {
  const std::vector<Shape> shapes = graph.infer_shapes(1);
  std::vector<double> lengths(static_cast<std::size_t>(graph.size()), 0.0);
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    if (!graph.is_variable(id) || id == graph.input()) continue;
    double& length = lengths[static_cast<std::size_t>(id)];
    for (const net::NodeId input : graph.node(id).inputs)
      length = std::max(length, lengths[static_cast<std::size_t>(input)]);
    length += terms_of(graph.node(id), shapes);
  }
  return lengths;
}

}  // namespace faultline::test
