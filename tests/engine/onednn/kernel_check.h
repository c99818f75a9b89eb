#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/onednn/lowering.h"
#include "net/graph.h"

namespace faultline::test {

// One input of an operator under test: a sample shape without the batch where variable, else a constant.
struct TestOperand {
  Shape sample;
  std::optional<Tensor> constant = {};
};

struct KernelErrors {
  double forward = 0;   // relative L2 against net's kernels in double, the worst over rows
  double backward = 0;  // over rows and variable inputs
  double tangent = 0;   // of a non-affine operator
  // What oneDNN runs, if the operator is a convolution.
  std::string forward_implementation = {};
  std::string backward_implementation = {};
};

// Lowers the operator alone and runs its kernel on several random rows at once, all outputs filled with NaN
// beforehand. Expects, as a test, that padding is written as zero.
KernelErrors check_kernel(const net::Operator& op, const std::vector<TestOperand>& operands);
// The same against what net says of another operator.
KernelErrors check_kernel(const net::Operator& op, const std::vector<TestOperand>& operands,
                          const net::Operator& truth);

// Round-off of a float sum of n random terms, relative: 4 eps sqrt(n).
double sum_round_off(std::int64_t n);

}  // namespace faultline::test
