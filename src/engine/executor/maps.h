#pragma once

#include <span>
#include <vector>

#include "engine/executor/rows_observation.h"
#include "tensor/tensor.h"

namespace faultline::engine {

// maps[t][r,p] = sum over channels k of weights_t[r,k] f_t[r,k,p], in double, by ascending block, then within
// blocks, for each term; one sweep for all that read the same rows.
//   -> maps [R,positions]; R is rows, or seeds if f has a gradient.
template <class S>
std::vector<DoubleTensor> weighted_maps(const BoundRows<S>& bound, std::span<const WeightedTerm> terms);

}  // namespace faultline::engine
