#pragma once

#include <span>

#include "attack/options.h"
#include "tensor/tensor.h"

namespace faultline::attack {

// The smallest move from x, within the box, onto a hyperplane: d [n] of least norm with
//   <w, d> = rise and 0 <= x + d <= 1.
// Where the box does not reach the hyperplane: the corner that comes nearest to it (values of w that are 0
// are left alone). Solved exactly, up to rounding: d_i = u_i min(l s_i, room_i), u_i = +-1 the side that w_i
// needs, s_i = 1 (linf) or |w_i| (l2), and the one l >= 0 that gives the rise, found by fixing values at
// their bounds (Croce & Hein 2020, section 2.2 and appendix). w, x: as many values as d. Throws ContractError
// for other norms.
void project_onto_hyperplane(Norm norm, TensorView w, double rise, TensorView x, std::span<double> d);

}  // namespace faultline::attack
