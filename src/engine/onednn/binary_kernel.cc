#include "engine/onednn/binary_kernel.h"

#include <utility>

#include "engine/onednn/chunks.h"
#include "engine/onednn/layouts.h"
#include "engine/onednn/padding.h"

namespace faultline::engine::onednn {

namespace {

using Kind = net::Binary::Kind;

template <Kind K>
float apply(float a, float b) {
  if constexpr (K == Kind::add) return a + b;
  if constexpr (K == Kind::sub) return a - b;
  if constexpr (K == Kind::mul) return a * b;
  if constexpr (K == Kind::div) return a / b;
}

// d apply / da and d apply / db.
template <Kind K>
float slope(std::size_t input, float a, float b) {
  if constexpr (K == Kind::add) return 1.0F;
  if constexpr (K == Kind::sub) return input == 0 ? 1.0F : -1.0F;
  if constexpr (K == Kind::mul) return input == 0 ? b : a;
  if constexpr (K == Kind::div) return input == 0 ? 1.0F / b : -a / (b * b);
}

template <Kind K>
class BinaryKernel final : public FloatKernel {
 public:
  // `constant` is one row, in place of operand `constant_operand`; empty where both are variable.
  BinaryKernel(const Layout& layout, Tensor constant, std::size_t constant_operand)
      : layout_(layout), constant_(std::move(constant)), constant_operand_(constant_operand) {}

  void forward(const ForwardRows<float>& rows) override {
    for (std::size_t r = 0; r < rows.outputs.size(); ++r) {
      const Operands at = operands(rows.inputs, r);
      float* y = rows.outputs[r];
      for_each([&](std::int64_t i) { y[i] = apply<K>(at.a[i], at.b[i]); });
      clear_padding(layout_, y);
    }
  }

  void backward(const BackwardRows<float>& rows) override {
    const std::size_t operand = has_constant() ? 1 - constant_operand_ : rows.input;
    for (std::size_t r = 0; r < rows.input_gradients.size(); ++r) {
      const Operands at = operands(rows.inputs, r);
      const float* dy = rows.output_gradients[r];
      float* dx = rows.input_gradients[r];
      for_each([&](std::int64_t i) { dx[i] = dy[i] * slope<K>(operand, at.a[i], at.b[i]); });
      clear_padding(layout_, dx);
    }
  }

  void tangent(const TangentRows<float>& rows) override {
    for (std::size_t r = 0; r < rows.outputs.size(); ++r) {
      const Operands at = operands(rows.inputs, r);
      const Operands was = operands(rows.recorded_inputs, r);
      float* y = rows.outputs[r];
      for_each([&](std::int64_t i) {
        y[i] = apply<K>(was.a[i], was.b[i]) + slope<K>(0, was.a[i], was.b[i]) * (at.a[i] - was.a[i]) +
               slope<K>(1, was.a[i], was.b[i]) * (at.b[i] - was.b[i]);
      });
      clear_padding(layout_, y);
    }
  }

 private:
  using Rows = std::span<const std::vector<const float*>>;
  struct Operands {
    const float* a;
    const float* b;
  };

  bool has_constant() const { return constant_.elements() != 0; }

  Operands operands(const Rows& inputs, std::size_t r) const {
    if (!has_constant()) return {inputs[0][r], inputs[1][r]};
    const float* variable = inputs[0][r];
    if (constant_operand_ == 0) return {constant_.data(), variable};
    return {variable, constant_.data()};
  }

  template <class Body>
  void for_each(const Body& body) const {
    for_each_chunk(layout_.row_elements(), [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) body(i);
    });
  }

  Layout layout_;
  Tensor constant_;
  std::size_t constant_operand_;
};

// The constant operand as a row of the output; empty if it cannot be one.
Tensor broadcast_row(const Operand& constant, const Operand& output) {
  Shape shape = constant.shape;
  const int rank = output.shape.rank();
  if (shape.rank() > rank || (shape.rank() == rank && shape[0] != 1)) return {};
  Tensor plain_row = Tensor::uninitialised(output.shape);
  const Tensor zero(output.shape);
  const std::vector<TensorView> inputs{zero.view(), constant.constant->view()};
  net::forward<float>(net::Binary{Kind::add}, inputs, plain_row);
  Tensor row = Tensor::uninitialised(Shape{output.layout.row_elements()});
  convert_row(plain(output.layout), plain_row.data(), output.layout, row.data());
  return row;
}

template <Kind K>
KernelPointer make(const Site& site) {
  const Operand& variable = site.inputs[site.variable_input()];
  if (!(variable.shape == site.output.shape)) return nullptr;
  if (site.variable_count() == 2) {
    if (!(site.inputs[0].shape == site.inputs[1].shape)) return nullptr;
    return std::make_unique<BinaryKernel<K>>(site.output.layout, Tensor(), std::size_t{2});
  }
  const std::size_t constant = 1 - site.variable_input();
  Tensor row = broadcast_row(site.inputs[constant], site.output);
  if (row.elements() == 0) return nullptr;
  return std::make_unique<BinaryKernel<K>>(site.output.layout, std::move(row), constant);
}

}  // namespace

KernelPointer make_binary(const net::Binary& op, const Site& site) {
  switch (op.kind) {
    case Kind::add:
      return make<Kind::add>(site);
    case Kind::sub:
      return make<Kind::sub>(site);
    case Kind::mul:
      return make<Kind::mul>(site);
    case Kind::div:
      return make<Kind::div>(site);
  }
  return nullptr;
}

}  // namespace faultline::engine::onednn
