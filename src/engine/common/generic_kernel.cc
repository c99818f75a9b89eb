#include "engine/common/generic_kernel.h"

#include <algorithm>
#include <complex>
#include <utility>

#include "base/error.h"
#include "base/parallel.h"
#include "engine/common/multiply_adds.h"

namespace faultline::engine {

namespace {

using Complex = std::complex<double>;
// Small enough for h^2 to vanish beside 1, large enough for squares of h to be normal numbers.
constexpr double kComplexStep = 1e-30;

// One input of the operator: the index of a variable input of the step, or a constant.
template <class S>
struct Operand {
  Shape shape;  // for a batch of 1
  int variable = -1;
  BasicTensor<S> constant = {};
};

template <class To, class From>
BasicTensor<To> converted(const Shape& shape, const From* values) {
  auto result = BasicTensor<To>::uninitialised(shape);
  std::transform(values, values + result.elements(), result.data(),
                 [](const From& value) { return To(value); });
  return result;
}

// The value of a node that does not depend on the image.
template <class S>
BasicTensor<S> constant_value(const net::Graph& graph, std::span<const Shape> shapes, net::NodeId id) {
  const net::Node& node = graph.node(id);
  const Shape& shape = shapes[static_cast<std::size_t>(id)];
  if (const auto* constant = std::get_if<net::Constant>(&node.op))
    return converted<S>(shape, constant->value->data());
  std::vector<BasicTensor<S>> inputs;
  for (const net::NodeId input : node.inputs) inputs.push_back(constant_value<S>(graph, shapes, input));
  const std::vector<BasicTensorView<const S>> views(inputs.begin(), inputs.end());
  auto result = BasicTensor<S>::uninitialised(shape);
  net::forward<S>(node.op, views, result);
  return result;
}

template <class S>
class GenericKernel final : public Kernel<S> {
 public:
  GenericKernel(net::Operator op, std::vector<Operand<S>> operands, const Shape& output_shape)
      : op_(std::move(op)), operands_(std::move(operands)), output_shape_(output_shape) {
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      if (operands_[i].variable >= 0) variables_.push_back(i);
      operand_shapes_.push_back(operands_[i].shape);
    }
  }

  // Where there are several rows they run side by side, and net's own loops inside each run serially.
  void forward(const ForwardRows<S>& rows) override {
    parallel_for(static_cast<std::int64_t>(rows.outputs.size()), [&](std::int64_t i) {
      const auto r = static_cast<std::size_t>(i);
      net::forward<S>(op_, views(rows.inputs, r), {rows.outputs[r], output_shape_});
    });
  }

  void backward(const BackwardRows<S>& rows) override {
    const std::size_t input = variables_[rows.input];
    parallel_for(static_cast<std::int64_t>(rows.input_gradients.size()), [&](std::int64_t i) {
      const auto r = static_cast<std::size_t>(i);
      const auto inputs = views(rows.inputs, r);
      const net::Adjoint<S> adjoint{
          inputs, {rows.outputs[r], output_shape_}, {rows.output_gradients[r], output_shape_}, input};
      net::backward<S>(op_, adjoint, {rows.input_gradients[r], operand_shapes_[input]});
    });
  }

  void tangent(const TangentRows<S>& rows) override {
    parallel_for(static_cast<std::int64_t>(rows.outputs.size()),
                 [&](std::int64_t i) { tangent_row(rows, static_cast<std::size_t>(i)); });
  }

  bool backward_reads_outputs() const override { return true; }
  std::int64_t multiply_adds() const override {
    return engine::multiply_adds(op_, operand_shapes_, output_shape_);
  }

 private:
  std::vector<BasicTensorView<const S>> views(std::span<const std::vector<const S*>> inputs,
                                              std::size_t row) const {
    std::vector<BasicTensorView<const S>> result;
    for (const Operand<S>& operand : operands_) {
      const S* data = operand.variable < 0 ? operand.constant.data()
                                           : inputs[static_cast<std::size_t>(operand.variable)][row];
      result.emplace_back(data, operand.shape);
    }
    return result;
  }

  void tangent_row(const TangentRows<S>& rows, std::size_t r) const {
    std::vector<BasicTensor<Complex>> inputs;
    for (const Operand<S>& operand : operands_) {
      if (operand.variable < 0) {
        inputs.push_back(converted<Complex>(operand.shape, operand.constant.data()));
        continue;
      }
      const auto variable = static_cast<std::size_t>(operand.variable);
      inputs.push_back(BasicTensor<Complex>::uninitialised(operand.shape));
      const S* recorded = rows.recorded_inputs[variable][r];
      std::transform(
          recorded, recorded + operand.shape.elements(), rows.inputs[variable][r], inputs.back().data(),
          [](S at, S now) { return Complex(double{at}, kComplexStep * (double{now} - double{at})); });
    }
    const std::vector<BasicTensorView<const Complex>> inputs_view(inputs.begin(), inputs.end());
    auto result = BasicTensor<Complex>::uninitialised(output_shape_);
    net::forward<Complex>(op_, inputs_view, result);
    std::transform(result.data(), result.data() + result.elements(), rows.outputs[r],
                   [](const Complex& y) { return static_cast<S>(y.real() + y.imag() / kComplexStep); });
  }

  net::Operator op_;
  std::vector<Operand<S>> operands_;
  std::vector<Shape> operand_shapes_ = {};
  std::vector<std::size_t> variables_ = {};  // operand of each variable input
  Shape output_shape_;
};

}  // namespace

template <class S>
Step<S> generic_step(const net::Graph& graph, std::span<const Shape> sample_shapes, net::NodeId node) {
  require(graph.is_variable(node) && node != graph.input(),
          "generic_step: only what computes from the image has a step");
  Step<S> step;
  step.node = node;
  step.affine = net::response_of(graph, node) == net::Response::affine;
  std::vector<Operand<S>> operands;
  for (const net::NodeId input : graph.node(node).inputs) {
    const Shape& shape = sample_shapes[static_cast<std::size_t>(input)];
    if (graph.is_variable(input)) {
      operands.push_back({shape.stacked(1), static_cast<int>(step.inputs.size())});
      step.inputs.push_back(input);
    } else {
      operands.push_back({shape, -1, constant_value<S>(graph, sample_shapes, input)});
    }
  }
  step.kernel = std::make_unique<GenericKernel<S>>(graph.node(node).op, std::move(operands),
                                                   sample_shapes[static_cast<std::size_t>(node)].stacked(1));
  return step;
}

template Step<float> generic_step(const net::Graph&, std::span<const Shape>, net::NodeId);
template Step<double> generic_step(const net::Graph&, std::span<const Shape>, net::NodeId);

}  // namespace faultline::engine
