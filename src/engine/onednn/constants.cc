#include "engine/onednn/constants.h"

#include <utility>

namespace faultline::engine::onednn {

std::vector<std::shared_ptr<const Tensor>> constant_values(const net::Graph& graph,
                                                           std::span<const Shape> shapes) {
  std::vector<std::shared_ptr<const Tensor>> values(static_cast<std::size_t>(graph.size()));
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    if (graph.is_variable(id)) continue;
    const auto i = static_cast<std::size_t>(id);
    const net::Node& node = graph.node(id);
    if (const auto* constant = std::get_if<net::Constant>(&node.op)) {
      values[i] = constant->value;
      continue;
    }
    std::vector<TensorView> inputs;
    for (const net::NodeId input : node.inputs)
      inputs.push_back(values[static_cast<std::size_t>(input)]->view());
    Tensor value = Tensor::uninitialised(shapes[i]);
    net::forward<float>(node.op, inputs, value);
    values[i] = std::make_shared<const Tensor>(std::move(value));
  }
  return values;
}

}  // namespace faultline::engine::onednn
