#pragma once

#include <memory>
#include <string>

#include "engine/networks.h"
#include "heatmap/changed_layer.h"

namespace faultline::heatmap {

inline constexpr std::int64_t kChannels = 5;

// images [N,3,6,4] -> conv + relu -> mean over positions -> logits <w, mean>, without a bias.
struct ChangedLayerSetting {
  net::NodeId layer;
  Tensor weights = test::random_tensor(Shape{kChannels, 3}, "dense");
  std::unique_ptr<engine::Plan> plan;
  std::unique_ptr<engine::Pass> pass;

  explicit ChangedLayerSetting(const std::string& engine = "reference", const std::string& image = "image") {
    net::Graph graph;
    const auto input = graph.add("image", net::Input{Shape{3, 6, 4}}, {});
    const auto conv = test::add_conv(graph, "conv", input, Shape{kChannels, 3, 3, 3}, {.pads = {1, 1, 1, 1}});
    layer = graph.add("relu", net::Relu{}, {conv});
    const auto mean = graph.add("mean", net::GlobalAveragePool{}, {layer});
    const auto flat = graph.add("flat", net::Flatten{}, {mean});
    graph.set_output(graph.add("dense", net::MatMul{}, {flat, graph.add_constant("w", weights)}));
    plan = test::compile_all(graph, engine);
    pass = plan->forward(test::random_tensor(Shape{1, 3, 6, 4}, image));
  }

  ChangedLayer question(int max_batch = 16, const Score& of = score("class")) {
    return {*plan, *pass, layer, of, {.clean_class = 1, .other_class = 2}, max_batch};
  }
  // <w_k, mean A_k> of the class.
  double share(std::int64_t k) const {
    double sum = 0;
    const DoubleTensor activation = pass->observe(layer).read(0);
    for (const double value : activation.row(k).values()) sum += value / 24;
    return sum * double{weights[k * 3 + 1]};
  }
};

}  // namespace faultline::heatmap
