#include "net/reference.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/error.h"

namespace faultline::net {

namespace {

template <class S>
BasicTensor<S> converted(const Tensor& value) {
  auto result = BasicTensor<S>::uninitialised(value.shape());
  std::transform(value.data(), value.data() + value.elements(), result.data(), [](float x) { return S(x); });
  return result;
}

template <class S>
std::vector<BasicTensorView<const S>> inputs_of(const Node& node, std::span<const BasicTensor<S>> values) {
  std::vector<BasicTensorView<const S>> inputs;
  for (const NodeId input : node.inputs) inputs.push_back(values[static_cast<std::size_t>(input)].view());
  return inputs;
}

template <class S>
void add_to(BasicTensor<S>& sum, BasicTensor<S> term) {
  if (sum.elements() == 0) {
    sum = std::move(term);
    return;
  }
  std::transform(sum.data(), sum.data() + sum.elements(), term.data(), sum.data(), std::plus<>());
}

}  // namespace

template <class S>
std::vector<BasicTensor<S>> evaluate(const Graph& graph, BasicTensorView<const S> input) {
  const std::vector<Shape> shapes = graph.infer_shapes_for(input.shape());
  std::vector<BasicTensor<S>> values;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    if (std::holds_alternative<Input>(node.op)) {
      values.emplace_back(input);
    } else if (const auto* constant = std::get_if<Constant>(&node.op)) {
      values.push_back(converted<S>(*constant->value));
    } else {
      auto value = BasicTensor<S>::uninitialised(shapes[static_cast<std::size_t>(id)]);
      forward<S>(node.op, inputs_of<S>(node, values), value.view());
      values.push_back(std::move(value));
    }
  }
  return values;
}

template <class S>
std::vector<BasicTensor<S>> differentiate(const Graph& graph, std::span<const BasicTensor<S>> values,
                                          BasicTensorView<const S> seed, NodeId from) {
  require(static_cast<int>(values.size()) == graph.size(),
          "differentiate: as many values as the graph has nodes");
  require(values[static_cast<std::size_t>(from)].shape() == seed.shape(),
          "differentiate: a seed of another shape");
  std::vector<BasicTensor<S>> gradients(values.size());
  gradients[static_cast<std::size_t>(from)] = BasicTensor<S>(seed);
  for (NodeId id = from; id >= 0; --id) {
    const Node& node = graph.node(id);
    const BasicTensor<S>& gradient = gradients[static_cast<std::size_t>(id)];
    if (gradient.elements() == 0) continue;
    const auto inputs = inputs_of<S>(node, values);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (!graph.is_variable(node.inputs[i])) continue;
      auto contribution = BasicTensor<S>::uninitialised(inputs[i].shape());
      backward<S>(node.op, {inputs, values[static_cast<std::size_t>(id)].view(), gradient.view(), i},
                  contribution.view());
      add_to(gradients[static_cast<std::size_t>(node.inputs[i])], std::move(contribution));
    }
  }
  return gradients;
}

#define FAULTLINE_INSTANTIATE_REFERENCE(S)                                                          \
  template std::vector<BasicTensor<S>> evaluate(const Graph&, BasicTensorView<const S>);            \
  template std::vector<BasicTensor<S>> differentiate(const Graph&, std::span<const BasicTensor<S>>, \
                                                     BasicTensorView<const S>, NodeId)
FAULTLINE_INSTANTIATE_REFERENCE(float);
FAULTLINE_INSTANTIATE_REFERENCE(double);
FAULTLINE_INSTANTIATE_REFERENCE(std::complex<double>);

}  // namespace faultline::net
