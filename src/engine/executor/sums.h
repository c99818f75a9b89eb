#pragma once

#include <span>

#include "engine/executor/rows_observation.h"
#include "engine/executor/terms.h"
#include "tensor/tensor.h"

namespace faultline::engine {

// sums[t][r,k] = sum over positions of f_t[r,k,p], in double and in a fixed order, for each term.
//   -> sums [R,C]; R is rows, or seeds if f has a gradient.
template <class S>
std::vector<DoubleTensor> position_sums(const BoundRows<S>& bound, std::span<const Term> terms);

// [seeds,C]: S_k of each seed's row.
template <class S>
DoubleTensor seed_activation_sums(const BoundRows<S>& bound);

}  // namespace faultline::engine
