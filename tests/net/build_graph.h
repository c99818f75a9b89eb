#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/philox.h"
#include "net/graph.h"

namespace faultline::test {

// Chains nodes with seeded weights; shapes are looked up as the graph grows.
class GraphBuilder {
 public:
  explicit GraphBuilder(Shape sample_shape) { last_ = graph_.add("image", net::Input{sample_shape}, {}); }

  net::NodeId last() const { return last_; }
  GraphBuilder& from(net::NodeId id) {
    last_ = id;
    return *this;
  }
  GraphBuilder& add(const std::string& name, net::Operator op) { return join(name, std::move(op), {last_}); }
  GraphBuilder& join(const std::string& name, net::Operator op, std::vector<net::NodeId> inputs) {
    last_ = graph_.add(name, std::move(op), std::move(inputs));
    return *this;
  }
  GraphBuilder& normalize() {
    return add("normalized", net::Normalize{.mean = {0.4f, 0.5f, 0.6f}, .std = {0.2f, 0.3f, 0.4f}});
  }

  // Square kernel, with bias.
  GraphBuilder& conv(const std::string& name, std::int64_t channels, std::int64_t kernel,
                     std::int64_t stride = 1, std::int64_t pad = 0) {
    const Shape weights{channels, shape()[1], kernel, kernel};
    const net::NodeId x = last_;
    const net::Conv op{.strides = {stride, stride}, .pads = {pad, pad, pad, pad}};
    return join(name, op, {x, constant(name + ".weight", weights), constant(name + ".bias", {channels})});
  }
  GraphBuilder& max_pool(const std::string& name, std::int64_t kernel = 2, std::int64_t stride = 2,
                         bool ceil_mode = false) {
    return add(name,
               net::MaxPool{.kernel = {kernel, kernel}, .strides = {stride, stride}, .ceil_mode = ceil_mode});
  }
  GraphBuilder& batch_norm(const std::string& name) {
    const std::int64_t channels = shape()[1];
    const net::NodeId x = last_;
    return join(name, net::BatchNormalization{.epsilon = 0.01f},
                {x, constant(name + ".scale", {channels}, 1), constant(name + ".shift", {channels}),
                 constant(name + ".mean", {channels}), constant(name + ".var", {channels}, 1)});
  }
  GraphBuilder& dense(const std::string& name, std::int64_t outputs) {
    const std::int64_t features = shape()[1];
    const net::NodeId x = last_;
    return join(name, net::Gemm{.transpose_b = true},
                {x, constant(name + ".weight", {outputs, features}), constant(name + ".bias", {outputs})});
  }
  // Uniform in (centre - 0.5, centre + 0.5).
  net::NodeId constant(const std::string& name, const Shape& shape, float centre = 0) {
    const RandomStream stream(3, name);
    Tensor value(shape);
    for (std::int64_t i = 0; i < value.elements(); ++i) {
      value[i] = centre + static_cast<float>(stream.uniform(static_cast<std::uint64_t>(i))) - 0.5f;
    }
    return graph_.add_constant(name, std::move(value));
  }

  net::Graph finish() {
    graph_.set_output(last_);
    return graph_;
  }

 private:
  Shape shape() const { return graph_.infer_shapes(1)[static_cast<std::size_t>(last_)]; }

  net::Graph graph_;
  net::NodeId last_ = -1;
};

}  // namespace faultline::test
