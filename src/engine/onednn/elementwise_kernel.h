#pragma once

#include <cstddef>

#include "engine/onednn/chunks.h"
#include "engine/onednn/padding.h"
#include "engine/onednn/site.h"

namespace faultline::engine::onednn {

// y = f(x) element by element, in any layout, for the operators that define net::value and net::slope.
template <class Op>
class ElementwiseKernel final : public FloatKernel {
 public:
  ElementwiseKernel(const Op& op, const Layout& layout) : op_(op), layout_(layout) {}

  void forward(const ForwardRows<float>& rows) override {
    for_each_row(rows.outputs.size(), [&](std::size_t r, std::int64_t i) {
      rows.outputs[r][i] = value(op_, rows.inputs[0][r][i]);
    });
    for (float* row : rows.outputs) clear_padding(layout_, row);
  }

  void backward(const BackwardRows<float>& rows) override {
    for_each_row(rows.input_gradients.size(), [&](std::size_t r, std::int64_t i) {
      rows.input_gradients[r][i] = rows.output_gradients[r][i] * slope(op_, rows.inputs[0][r][i]);
    });
  }

  void tangent(const TangentRows<float>& rows) override {
    for_each_row(rows.outputs.size(), [&](std::size_t r, std::int64_t i) {
      const float recorded = rows.recorded_inputs[0][r][i];
      rows.outputs[r][i] = value(op_, recorded) + slope(op_, recorded) * (rows.inputs[0][r][i] - recorded);
    });
    for (float* row : rows.outputs) clear_padding(layout_, row);
  }

 private:
  template <class Body>
  void for_each_row(std::size_t rows, const Body& body) const {
    for (std::size_t r = 0; r < rows; ++r) {
      for_each_chunk(layout_.row_elements(), [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) body(r, i);
      });
    }
  }

  Op op_;
  Layout layout_;
};

}  // namespace faultline::engine::onednn
