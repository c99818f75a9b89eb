#pragma once

#include "compare/measured.h"

namespace faultline::compare {

// How squarely a change of activation A' - A aims at lowering the margin: its cosine with -dm/dA(x), in
// [-1, 1].
//   pull = <dm/dA, A' - A>, distance = |A' - A|, gradient_norm = |dm/dA|.
// Missing where the activation did not change or the gradient is 0.
Measured alignment(double pull, double distance, double gradient_norm);

}  // namespace faultline::compare
