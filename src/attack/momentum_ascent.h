#pragma once

#include <string>
#include <vector>

#include "attack/attack.h"
#include "attack/options.h"

namespace faultline::attack {

// Projected gradient ascent from the clean image along a running mean of gradients, which MI-, NI-, DI-, TI-
// and VMI-FGSM are cases of. With u_0 = 0 and G the gradient of the score:
//   u_(k+1) = decay u_k + G'_k / mean|G'_k|;   x_(k+1) = project(x_k + step_size direction(u_(k+1))),
// direction as in step.h; the mean is over all values, the L1 norm but for a factor. G'_k = G(x_k), changed
// by
//   look_ahead (Nesterov):      taken at x_k + step_size decay u_k instead, which is not clipped;
//   diversity:                  with that probability taken through a random ResizePad (resize_pad.h);
//   kernel_size > 1:            smoothed by a Gaussian (gaussian_kernel.h);
//   neighbours > 0 (variance):  plus v_k, v_0 = 0, v_(k+1) the mean of G over `neighbours` points
//                               x_k + r, r uniform in [-radius, radius] for each value, less G(x_k).
// A gradient that is 0 or not finite adds nothing. The last point is the result; with early_stop the first
// that succeeds, the clean image included (a boost never stops early).
struct MomentumAscent {
  std::string name = {};
  Ball ball = {};
  Objective objective = {};  // with neighbours: cross-entropy or margin
  int steps = 10;            // >= 1
  float step_size = 0;       // pixel units, >= 0
  double decay = 1;          // >= 0
  bool early_stop = false;
  bool look_ahead = false;  // linf
  double diversity = 0;     // 0 to 1
  double least_scale = 1;   // of ResizePad, above 0 to 1
  int kernel_size = 1;      // odd
  double kernel_reach = 3;  // standard deviations from the kernel's centre to its edge
  int neighbours = 0;
  double radius = 0;  // pixel units
};

// Passes at most; the clean and the rounded one are among them.
PassCount cost(const MomentumAscent& ascent);

// See Attack::run. Streams: "step=<k>" for diversity, "step=<k>/neighbour=<i>".
std::vector<AttackedImage> run(const MomentumAscent& ascent, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control);

}  // namespace faultline::attack
