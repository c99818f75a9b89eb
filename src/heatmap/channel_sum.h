#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/observation.h"

namespace faultline::heatmap {

// A heatmap that is the rectified sum over the channels of a layer, as data:
//   H[r,y,x] = relu(sum_k (w[r,k] f[r,k,y,x] - f'[r,k,y,x]))
//   f: the summand; f': what is taken off, if anything
//   w[r,k] = c_r times: 1; the sum or mean over y,x of the weights' term t[r,k,y,x]; or its share, that sum
//   over (offset + the sum over y,x of another term), 0 where the divisor is 0
//   c_r = 1, or exp(s_r) of the score
// Methods made of such formulas are computed together, each summand and weight read once.
struct ChannelSum {
  enum class Weights { ones, sums, means, shares };
  engine::Term summand = engine::Term::activation;
  Weights weights = Weights::ones;
  engine::Term weighted_by = engine::Term::gradient;   // t, unless weights are ones
  engine::Term divided_by = engine::Term::activation;  // of shares
  double offset = 0;                                   // of shares
  bool times_exponential = false;                      // c_r = exp(s_r); not with weights that are ones
  std::optional<engine::Term> less = std::nullopt;     // f'
};

// One map [R,h,w] a formula, R seeds, not normalised; each the same bits whichever others are asked for.
//   scores [R]: the values s_r; may be empty if no formula has their exponential.
// Throws ContractError outside a backward sweep; for a formula with weights also unless there are as many
// seeds as rows (seed r is to be taken at row r), and as many scores where they are needed.
std::vector<DoubleTensor> channel_sums(const engine::Observation& layer, std::span<const ChannelSum> formulas,
                                       std::span<const double> scores = {});

}  // namespace faultline::heatmap
