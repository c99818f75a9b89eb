#include "heatmap/score_cam.h"

#include <algorithm>

#include "heatmap/upsample.h"
#include "tensor/softmax.h"

namespace faultline::heatmap {
namespace {

constexpr double kLeastRange = 1e-8;

// [h,w] of a layer's channel.
DoubleTensor mask_of(DoubleTensorView channel) {
  DoubleTensor mask(channel);
  const auto [least, most] = std::ranges::minmax(channel.values());
  for (double& value : mask.values()) value = (value - least) / (most - least + kLeastRange);
  return mask;
}

// value [C,h,w] times mask [h,w] in every channel.
DoubleTensor masked(const DoubleTensor& value, const DoubleTensor& mask) {
  DoubleTensor product = value;
  for (std::int64_t c = 0; c < product.shape()[0]; ++c) {
    const auto channel = product.row(c).values();
    std::ranges::transform(channel, mask.values(), channel.begin(), std::multiplies<>());
  }
  return product;
}

}  // namespace

net::NodeId masked_input(const net::Graph& graph) {
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    if (std::holds_alternative<net::Normalize>(graph.node(id).op)) return id;
  }
  return graph.input();
}

DoubleTensor score_cam(const ChangedLayer& of, Masked what) {
  const net::NodeId node = what == Masked::layer ? of.layer : masked_input(of.plan.graph());
  const DoubleTensor activation = of.pass.observe(of.layer).read(0);
  const DoubleTensor value = of.pass.observe(node).read(0);
  require(activation.shape().rank() == 3 && value.shape().rank() == 3, "score_cam: maps [C,h,w]");
  const std::vector<double> scores =
      changed_scores(of, node, activation.shape()[0], [&](std::int64_t k) -> engine::Intervention {
        const DoubleTensor mask = upsample(mask_of(activation.row(k)), value.shape()[1], value.shape()[2]);
        return {.node = node, .value = masked(value, mask)};
      });
  return weighted_activation(of, softmax({scores.data(), {std::ssize(scores)}}));
}

}  // namespace faultline::heatmap
