#pragma once

#include <vector>

#include "engine/onednn/lowering.h"
#include "kernels/values.h"
#include "net/operator.h"

namespace faultline::bench {

// The onednn engine's kernel of one operator with one variable input, its first.
class LoneKernel {
 public:
  // sample: the input's shape, without the batch; constants: the operator's further inputs.
  LoneKernel(const net::Operator& op, const Shape& sample, const std::vector<Tensor>& constants, int images);

  void forward();
  void backward();  // of the last forward run
  std::int64_t multiply_adds() const { return step_->kernel->multiply_adds(); }
  // Of one image, in the kernels' own layouts: what a run in either direction reads and writes at least.
  std::int64_t values() const;

  // Both directions of the first image against net's loops in double precision. Throws Error{model}.
  void check(const std::string& name, double tolerance);

 private:
  const engine::Layout& layout(net::NodeId node) const { return lowered_.program.layouts[net::at(node)]; }

  net::Operator op_;
  Shape x_;
  Shape y_;
  std::vector<Tensor> constants_;
  engine::onednn::Lowered lowered_;
  engine::Step<float>* step_ = nullptr;
  std::vector<Rows> inputs_;
  std::vector<Rows> outputs_;
  std::vector<Rows> gradients_;
  std::vector<Rows> input_gradients_;
  std::vector<std::vector<std::int32_t>> winners_;
};

}  // namespace faultline::bench
