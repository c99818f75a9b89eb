#pragma once

#include <span>

namespace faultline::attack {

// The difference of logits ratio (Croce & Hein 2020, eq. 6 and 7) of logits z [K]; z_1 >= z_2 >= ... are the
// sorted ones. Neither a shift of the logits nor a positive factor changes it.
//   dlr          = (max over j != y of z_j  -  z_y) / (z_1 - z_3 + 1e-12)                  K >= 3
//   targeted_dlr = (z_t - z_y) / (z_1 - (z_3 + z_4) / 2 + 1e-12)                           K >= 4
// dlr is in [-1, 1] or, where y is not among the first three, above.
inline constexpr int kLeastDlrClasses = 3;
inline constexpr int kLeastTargetedDlrClasses = 4;

// Throw ContractError if there are too few logits, y or t is no class or t == y.
double dlr(std::span<const double> logits, int y);
double targeted_dlr(std::span<const double> logits, int y, int t);

// Write the gradient by z, multiplied by the loss's denominator, to gradient [K]. Of equal logits the first
// counts as the larger.
void dlr_direction(std::span<const double> logits, int y, std::span<double> gradient);
void targeted_dlr_direction(std::span<const double> logits, int y, int t, std::span<double> gradient);

}  // namespace faultline::attack
