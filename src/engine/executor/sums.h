#pragma once

#include "engine/executor/rows_observation.h"
#include "engine/executor/terms.h"
#include "tensor/tensor.h"

namespace faultline::engine {

// sums[r,k] = sum over positions of f[r,k,p], in double and in a fixed order.
//   -> sums [R,C]; R is rows, or seeds if f has a gradient.
template <class S>
void position_sums(const BoundRows<S>& bound, Term f, double* sums);

// [seeds,C]: S_k of each seed's row.
template <class S>
DoubleTensor seed_activation_sums(const BoundRows<S>& bound);

// The activation that belongs to the r-th result of a term; its gradient, null if the term has none.
template <class S>
const S* activation_row(const BoundRows<S>& bound, Term f, std::int64_t r) {
  const auto i = static_cast<std::size_t>(r);
  return bound.activations[uses_gradient(f) ? static_cast<std::size_t>(bound.seed_rows[i]) : i];
}
template <class S>
const S* gradient_row(const BoundRows<S>& bound, Term f, std::int64_t r) {
  return uses_gradient(f) ? bound.gradients[static_cast<std::size_t>(r)] : nullptr;
}

}  // namespace faultline::engine
