#pragma once

#include "engine/executor/rows_observation.h"
#include "tensor/tensor.h"

namespace faultline::engine {

// maps[r,p] = sum over channels k of weights[r,k] f[r,k,p], in double, by ascending block, then within
// blocks.
//   weights [R,C] -> maps [R,positions]; R is rows, or seeds if f has a gradient.
template <class S>
void weighted_maps(const BoundRows<S>& bound, Term f, const DoubleTensor& weights, double* maps);

}  // namespace faultline::engine
