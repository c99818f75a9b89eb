#pragma once

namespace faultline::causal {

// The class that an image has, and the one that it is confused with: m = z_clean - z_other is their margin.
struct MarginClasses {
  int clean = 0;
  int other = 1;
};

}  // namespace faultline::causal
