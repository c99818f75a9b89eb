#include "kernels/lone_kernel.h"

#include "base/error.h"

namespace faultline::bench {

namespace {

Shape with_batch(const Shape& sample) {
  Shape shape{1};
  for (const std::int64_t extent : sample) shape.append(extent);
  return shape;
}

// A vector -> reshaped to the operand, so that it has the layout of a value inside a network -> the operator.
net::Graph graph_of(const net::Operator& op, const Shape& sample, const std::vector<Tensor>& constants) {
  net::Graph graph;
  const auto vector = graph.add("vector", net::Input{Shape{sample.elements()}}, {});
  net::Reshape reshape{.dims = {0}};
  reshape.dims.insert(reshape.dims.end(), sample.begin(), sample.end());
  std::vector<net::NodeId> inputs = {graph.add("operand", reshape, {vector})};
  for (const Tensor& constant : constants)
    inputs.push_back(graph.add_constant("constant" + std::to_string(inputs.size()), constant));
  const auto node = graph.add("operator", op, inputs);
  graph.set_output(graph.add("flat", net::Flatten{}, {node}));
  return graph;
}

}  // namespace

LoneKernel::LoneKernel(const net::Operator& op, const Shape& sample, const std::vector<Tensor>& constants,
                       int images)
    : op_(op), x_(with_batch(sample)), constants_(constants) {
  const net::Graph graph = graph_of(op, sample, constants);
  const net::NodeId node = *graph.find("operator");
  const net::NodeId operand = *graph.find("operand");
  y_ = graph.infer_shapes(1)[net::at(node)];
  lowered_ = engine::onednn::lower(graph, {.observed = {operand, node}});
  for (auto& step : lowered_.program.steps) {
    if (step.node == node) step_ = &step;
  }
  require(step_ != nullptr, "LoneKernel: the operator has no step of its own");
  inputs_.emplace_back(layout(operand), images, "input");
  outputs_.emplace_back(layout(node), images, "output");
  gradients_.emplace_back(layout(node), images, "gradient");
  input_gradients_.emplace_back(layout(operand), images, "input gradient");
  const auto winners = static_cast<std::size_t>(step_->kernel->winners_per_row());
  if (winners > 0) winners_.assign(static_cast<std::size_t>(images), std::vector<std::int32_t>(winners));
}

std::int64_t LoneKernel::values() const {
  return layout(step_->inputs.front()).row_elements() + layout(step_->node).row_elements();
}

void LoneKernel::forward() {
  const std::vector<std::vector<const float*>> inputs = {inputs_.front().read()};
  const auto outputs = outputs_.front().write();
  std::vector<std::int32_t*> winners;
  for (auto& row : winners_) winners.push_back(row.data());
  step_->kernel->forward({.inputs = inputs, .outputs = outputs, .winners = winners});
}

void LoneKernel::backward() {
  const std::vector<std::vector<const float*>> inputs = {inputs_.front().read()};
  const auto outputs = outputs_.front().read();
  const auto gradients = gradients_.front().read();
  const auto found = input_gradients_.front().write();
  std::vector<const std::int32_t*> winners;
  for (const auto& row : winners_) winners.push_back(row.data());
  step_->kernel->backward({.inputs = inputs,
                           .outputs = outputs,
                           .winners = winners,
                           .output_gradients = gradients,
                           .input = 0,
                           .input_gradients = found});
}

void LoneKernel::check(const std::string& name, double tolerance) {
  forward();
  backward();
  std::vector<DoubleTensor> values = {inputs_.front().first(x_)};
  for (const Tensor& constant : constants_) values.push_back(to_double(constant));
  const std::vector<DoubleTensorView> views(values.begin(), values.end());
  DoubleTensor y(y_);
  net::forward<double>(op_, views, y);
  require_close(name + " forward", outputs_.front().first(y_), y, tolerance);
  DoubleTensor gradient(x_);
  net::backward<double>(op_, {views, y, gradients_.front().first(y_), 0}, gradient);
  require_close(name + " backward", input_gradients_.front().first(x_), gradient, tolerance);
}

}  // namespace faultline::bench
