#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/observation.h"

namespace faultline::heatmap {

// A heatmap that is the rectified sum over the channels of a layer, as data:
//   H[r,y,x] = relu(sum_k w[r,k] f[r,k,y,x])
//   f: the summand; w[r,k] = 1, or the sum or mean over y,x of the weights' term t[r,k,y,x]
// Methods made of such formulas are computed together, each summand and weight read once.
struct ChannelSum {
  enum class Weights { ones, sums, means };
  engine::Term summand = engine::Term::activation;
  Weights weights = Weights::ones;
  engine::Term weighted_by = engine::Term::gradient;  // t, unless weights are ones
};

// One map [R,h,w] a formula, R seeds, not normalised; each the same bits whichever others are asked for.
// Throws ContractError outside a backward sweep; for a formula with weights also unless there are as many
// seeds as rows (seed r is to be taken at row r).
std::vector<DoubleTensor> channel_sums(const engine::Observation& layer,
                                       std::span<const ChannelSum> formulas);

}  // namespace faultline::heatmap
