#pragma once

#include "engine/onednn/site.h"
#include "net/operator.h"

namespace faultline::engine::onednn {

// y = factor x W + bias of vectors, W constant: Gemm and MatMul. The weights stay where the graph has them,
// for both directions. Null if the operands are not of that kind: a variable matrix, a transposed batch,
// weights of another rank than 2, a C that is no row vector.
KernelPointer make_dense(const net::Gemm& op, const Site& site);
KernelPointer make_dense(const net::MatMul& op, const Site& site);

}  // namespace faultline::engine::onednn
