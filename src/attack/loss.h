#pragma once

#include <span>

#include "attack/options.h"

namespace faultline::attack {

// The loss of logits z [K] for class y (see Loss), exact also where softmax(z)_y rounds to 1:
//   cross_entropy = log(1 + exp(L - z_y)), L = log sum over j != y of exp(z_j).
// Throws ContractError unless 0 <= y < K and K >= 2, for dlr K >= 3.
double loss_value(Loss loss, std::span<const double> logits, int y);

// Writes the direction of d loss/dz to gradient [K]: the gradient divided by a positive number, with sum 0.
// Of the first two losses gradient_y = -1 and the others are >= 0.
//   cross_entropy: gradient_j = exp(z_j - L), j != y; divided by 1 - softmax(z)_y.
//   margin: 1 at the largest other logit, first of equals.
//   dlr: see dlr.h.
// Undivided, a confident network's gradient would underflow; no step rule (step.h) sees its length anyway.
void loss_direction(Loss loss, std::span<const double> logits, int y, std::span<double> gradient);

}  // namespace faultline::attack
