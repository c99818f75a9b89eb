#pragma once

#include <span>

#include "attack/options.h"

namespace faultline::attack {

// Moves d to the nearest vector (L2) of the ball |d| <= eps of any norm; no box.
//   linf: clamped; l2: scaled; l1: shrunk towards 0 by the one t with sum max(|d_i| - t, 0) = eps (Duchi et
//   al. 2008); l0: the floor(eps) largest absolute values stay, first of equals.
// eps >= 0.
void project_onto_ball(Norm norm, double eps, std::span<double> d);

}  // namespace faultline::attack
