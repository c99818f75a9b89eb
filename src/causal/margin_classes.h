#pragma once

#include <cstddef>
#include <span>

namespace faultline::causal {

// The class that an image has, and the one that it is confused with: m = z_clean - z_other is their margin.
struct MarginClasses {
  int clean = 0;
  int other = 1;
};

inline double margin(std::span<const double> logits, const MarginClasses& classes) {
  return logits[static_cast<std::size_t>(classes.clean)] - logits[static_cast<std::size_t>(classes.other)];
}

}  // namespace faultline::causal
