#include "engine/onednn/kernel_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>

#include "engine/close.h"
#include "engine/executor/guarded_memory.h"
#include "engine/networks.h"
#include "engine/onednn/layouts.h"

namespace faultline::test {

namespace {

using engine::Layout;
using engine::Step;
using engine::onednn::convert_row;
using engine::onednn::plain;
using Complex = std::complex<double>;

constexpr std::size_t kRows = 3;
constexpr double kStep = 1e-30;

struct Lone {
  net::Graph graph;
  std::vector<net::NodeId> variables;
  net::NodeId node = -1;
};

// A vector -> cropped and reshaped to each variable operand -> the operator -> flattened.
Lone lone_operator(const net::Operator& op, const std::vector<TestOperand>& operands) {
  Lone lone;
  std::int64_t longest = 1;
  for (const TestOperand& operand : operands) longest = std::max(longest, operand.sample.elements());
  const auto input = lone.graph.add("vector", net::Input{Shape{longest}}, {});
  std::vector<net::NodeId> inputs;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const std::string name = "operand" + std::to_string(i);
    if (operands[i].constant) {
      inputs.push_back(lone.graph.add_constant(name, *operands[i].constant));
      continue;
    }
    const Shape& sample = operands[i].sample;
    const auto cropped =
        lone.graph.add(name + ".cropped", net::Pad{.pads = {0, 0, 0, sample.elements() - longest}}, {input});
    net::Reshape reshape{.dims = {0}};
    reshape.dims.insert(reshape.dims.end(), sample.begin(), sample.end());
    inputs.push_back(lone.graph.add(name, reshape, {cropped}));
    lone.variables.push_back(inputs.back());
  }
  lone.node = lone.graph.add("operator", op, inputs);
  lone.graph.set_output(lone.graph.add("flat", net::Flatten{}, {lone.node}));
  return lone;
}

// So many floats that end at a page which may not be touched, rounded up to what rows are leased in.
Tensor guarded_tensor(std::int64_t elements) {
  const std::int64_t bytes = (elements * static_cast<std::int64_t>(sizeof(float)) + 63) / 64 * 64;
  const auto size = static_cast<std::size_t>(bytes);
  return Tensor::wrap(Shape{elements}, static_cast<float*>(engine::allocate_guarded(size)),
                      [size](float* data) { engine::free_guarded(data, size); });
}

// Rows of one value in its layout.
class Rows {
 public:
  Rows(const Layout& layout, const std::string& name) : Rows(layout) {
    for (std::size_t r = 0; r < kRows; ++r) {
      const Tensor values =
          random_tensor(Shape{layout.channels * layout.positions}, name + std::to_string(r));
      convert_row(plain(layout), values.data(), layout, rows_[r].data());
    }
  }
  // NaN throughout, padding included.
  explicit Rows(const Layout& layout) : layout_(layout) {
    for (std::size_t r = 0; r < kRows; ++r) {
      rows_.push_back(guarded_tensor(layout.row_elements()));
      std::fill_n(rows_[r].data(), rows_[r].elements(), std::numeric_limits<float>::quiet_NaN());
    }
  }

  std::vector<const float*> read() const {
    std::vector<const float*> pointers;
    for (const Tensor& row : rows_) pointers.push_back(row.data());
    return pointers;
  }
  std::vector<float*> write() {
    std::vector<float*> pointers;
    for (Tensor& row : rows_) pointers.push_back(row.data());
    return pointers;
  }

  DoubleTensor values(std::size_t r, const Shape& shape) const {
    Tensor row(shape);
    convert_row(layout_, rows_[r].data(), plain(layout_), row.data());
    return to_double(row);
  }

  void expect_zero_padding(const std::string& what) const {
    for (std::int64_t c = layout_.channels; c < layout_.padded_channels(); ++c) {
      for (std::int64_t p = 0; p < layout_.positions; ++p) {
        for (const Tensor& row : rows_)
          ASSERT_EQ(row[layout_.offset(c, p)], 0) << what << ", padding of channel " << c;
      }
    }
  }

 private:
  Layout layout_;
  std::vector<Tensor> rows_;
};

class KernelCheck {
 public:
  KernelCheck(const net::Operator& op, const std::vector<TestOperand>& operands, const net::Operator& truth)
      : truth_(truth), operands_(operands), lone_(lone_operator(op, operands)) {
    engine::CompileOptions options{.observed = lone_.variables, .freezable = true};
    options.observed.push_back(lone_.node);
    lowered_ = engine::onednn::lower(lone_.graph, options);
    for (Step<float>& step : lowered_.program.steps) {
      if (step.node == lone_.node) step_ = &step;
    }
    output_shape_ = lone_.graph.infer_shapes(1)[static_cast<std::size_t>(lone_.node)];
    for (const net::NodeId node : step_->inputs) {
      inputs_.emplace_back(layout(node), "input" + std::to_string(inputs_.size()));
      recorded_.emplace_back(layout(node), "recorded" + std::to_string(recorded_.size()));
    }
  }

  KernelErrors run() {
    KernelErrors errors;
    errors.forward = forward_error();
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      errors.backward = std::max(errors.backward, backward_error(i));
    if (!step_->affine) errors.tangent = tangent_error();
    for (const auto& convolution : lowered_.convolutions) {
      errors.forward_implementation = convolution.forward;
      errors.backward_implementation = convolution.backward;
    }
    return errors;
  }

 private:
  const Layout& layout(net::NodeId node) const {
    return lowered_.program.layouts[static_cast<std::size_t>(node)];
  }

  static std::vector<std::vector<const float*>> read(const std::vector<Rows>& values) {
    std::vector<std::vector<const float*>> pointers;
    pointers.reserve(values.size());
    for (const Rows& rows : values) pointers.push_back(rows.read());
    return pointers;
  }

  // The operands of one row for net's kernels, through `variable(i)` for the i-th variable one.
  template <class S, class Variable>
  std::vector<BasicTensor<S>> operands(const Variable& variable) const {
    std::vector<BasicTensor<S>> result;
    std::size_t next = 0;
    for (const TestOperand& operand : operands_) {
      if (!operand.constant) {
        result.push_back(variable(next++, shape_of(operand)));
        continue;
      }
      BasicTensor<S> constant(operand.constant->shape());
      std::copy_n(operand.constant->data(), constant.elements(), constant.data());
      result.push_back(std::move(constant));
    }
    return result;
  }

  static Shape shape_of(const TestOperand& operand) { return operand.sample.stacked(1); }

  std::vector<DoubleTensor> row_operands(std::size_t r) const {
    return operands<double>([&](std::size_t i, const Shape& shape) { return inputs_[i].values(r, shape); });
  }

  DoubleTensor expected_output(std::size_t r) const {
    const std::vector<DoubleTensor> inputs = row_operands(r);
    const std::vector<DoubleTensorView> views(inputs.begin(), inputs.end());
    DoubleTensor output(output_shape_);
    net::forward<double>(truth_, views, output);
    return output;
  }

  double forward_error() {
    const auto inputs = read(inputs_);
    outputs_ = Rows(layout(lone_.node));
    const auto winner_count = static_cast<std::size_t>(step_->kernel->winners_per_row());
    winners_.assign(winner_count == 0 ? 0 : kRows, std::vector<std::int32_t>(winner_count, -1));
    std::vector<std::int32_t*> winners;
    for (auto& row : winners_) winners.push_back(row.data());
    step_->kernel->forward({.inputs = inputs, .outputs = outputs_->write(), .winners = winners});
    outputs_->expect_zero_padding("output");
    return worst(*outputs_, output_shape_, [&](std::size_t r) { return expected_output(r); });
  }

  double backward_error(std::size_t input) {
    const Rows gradients(layout(lone_.node), "gradient");
    Rows found(layout(step_->inputs[input]));
    const auto inputs = read(inputs_);
    std::vector<const std::int32_t*> winners;
    for (const auto& row : winners_) winners.push_back(row.data());
    step_->kernel->backward({.inputs = inputs,
                             .outputs = outputs_->read(),
                             .winners = winners,
                             .output_gradients = gradients.read(),
                             .input = input,
                             .input_gradients = found.write()});
    found.expect_zero_padding("input gradient");
    std::size_t operand = 0;
    for (std::size_t seen = 0; operands_[operand].constant || seen++ < input;) ++operand;
    return worst(found, shape_of(operands_[operand]), [&](std::size_t r) {
      const std::vector<DoubleTensor> values = row_operands(r);
      const std::vector<DoubleTensorView> views(values.begin(), values.end());
      const DoubleTensor output = expected_output(r);
      const DoubleTensor gradient = gradients.values(r, output_shape_);
      DoubleTensor expected(values[operand].shape());
      net::backward<double>(truth_, {views, output, gradient, operand}, expected);
      return expected;
    });
  }

  double tangent_error() {
    const auto inputs = read(inputs_);
    const auto recorded = read(recorded_);
    // The winners that a forward run at the recording leaves.
    Rows ignored(layout(lone_.node));
    std::vector<std::int32_t*> written;
    std::vector<const std::int32_t*> winners;
    for (auto& row : winners_) written.push_back(row.data());
    for (const auto& row : winners_) winners.push_back(row.data());
    step_->kernel->forward({.inputs = recorded, .outputs = ignored.write(), .winners = written});
    Rows found(layout(lone_.node));
    step_->kernel->tangent({.inputs = inputs,
                            .recorded_inputs = recorded,
                            .recorded_outputs = ignored.read(),
                            .recorded_winners = winners,
                            .outputs = found.write()});
    found.expect_zero_padding("tangent");
    return worst(found, output_shape_, [&](std::size_t r) { return expected_tangent(r); });
  }

  // f(u0) + f'(u0)(u - u0) by the complex step.
  DoubleTensor expected_tangent(std::size_t r) const {
    const auto inputs = operands<Complex>([&](std::size_t i, const Shape& shape) {
      const DoubleTensor now = inputs_[i].values(r, shape);
      const DoubleTensor at = recorded_[i].values(r, shape);
      BasicTensor<Complex> moved(shape);
      for (std::int64_t k = 0; k < moved.elements(); ++k) moved[k] = {at[k], kStep * (now[k] - at[k])};
      return moved;
    });
    const std::vector<BasicTensorView<const Complex>> views(inputs.begin(), inputs.end());
    BasicTensor<Complex> output(output_shape_);
    net::forward<Complex>(truth_, views, output);
    DoubleTensor result(output_shape_);
    for (std::int64_t k = 0; k < result.elements(); ++k)
      result[k] = output[k].real() + output[k].imag() / kStep;
    return result;
  }

  template <class Expected>
  static double worst(const Rows& found, const Shape& shape, const Expected& expected) {
    double error = 0;
    for (std::size_t r = 0; r < kRows; ++r)
      error = std::max(error, relative_l2(found.values(r, shape), expected(r)));
    return error;
  }

  const net::Operator& truth_;
  const std::vector<TestOperand>& operands_;
  Lone lone_;
  engine::onednn::Lowered lowered_;
  Step<float>* step_ = nullptr;
  Shape output_shape_;
  std::vector<Rows> inputs_ = {};
  std::vector<Rows> recorded_ = {};
  std::optional<Rows> outputs_ = {};
  std::vector<std::vector<std::int32_t>> winners_ = {};
};

}  // namespace

KernelErrors check_kernel(const net::Operator& op, const std::vector<TestOperand>& operands) {
  return check_kernel(op, operands, op);
}

KernelErrors check_kernel(const net::Operator& op, const std::vector<TestOperand>& operands,
                          const net::Operator& truth) {
  return KernelCheck(op, operands, truth).run();
}

double sum_round_off(std::int64_t n) {
  return 4 * double(std::numeric_limits<float>::epsilon()) * std::sqrt(static_cast<double>(n));
}

}  // namespace faultline::test
