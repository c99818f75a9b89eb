#pragma once

#include <memory>
#include <string>

#include "engine/networks.h"
#include "heatmap/score.h"

namespace faultline::heatmap {

// image [C,h,w] -> layer: a convolution that changes nothing -> logits <weights, image>.
struct EigenLayer {
  std::unique_ptr<engine::Plan> plan;
  net::NodeId node;
  std::unique_ptr<engine::Pass> pass;

  EigenLayer(const Tensor& images, const std::string& engine) {
    const std::int64_t channels = images.shape()[1];
    net::Graph graph;
    const auto input = graph.add("image", net::Input{images.shape().without_leading()}, {});
    Tensor identity(Shape{channels, channels, 1, 1});
    for (std::int64_t c = 0; c < channels; ++c) identity[c * channels + c] = 1;
    node = graph.add("layer", net::Conv{}, {input, graph.add_constant("identity", identity)});
    const auto flat = graph.add("flat", net::Flatten{}, {node});
    graph.set_output(test::add_dense(graph, "fc", flat, images.shape().without_leading().elements(), 3));
    plan = test::compile_all(graph, engine);
    pass = plan->forward(images);
  }

  DoubleTensor maps(DoubleTensor (*method)(const engine::Observation&)) const {
    DoubleTensor found;
    plan->backward(*pass, class_score(pass->logits(), {}), {&node, 1},
                   [&](const engine::Observation& at) { found = method(at); });
    return found;
  }
};

}  // namespace faultline::heatmap
