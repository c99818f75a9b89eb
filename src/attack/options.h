#pragma once

#include <array>
#include <string_view>

namespace faultline::attack {

// How the size of a perturbation d is measured, over all channels and positions, in pixel units [0,1].
enum class Norm {
  linf,  // largest absolute value
  l2,    // Euclidean length
  l1,    // sum of absolute values
  l0,    // number of values that differ, each channel's by itself
};

// What the attack wants of an image with label y (and target t).
enum class Goal {
  untargeted,  // any class but y: ascend loss(y)
  targeted,    // class t: descend loss(t)
  boost,       // y, more surely: descend loss(y). The harmless mirror of the untargeted attack
};

enum class Loss {
  cross_entropy,  // -log softmax(z)_y
  margin,         // max over j != y of z_j, minus z_y
  dlr,            // the margin divided by z_1 - z_3, of the sorted logits (dlr.h); 3 classes or more
};

// As users and JSON spell them, by enumerator.
inline constexpr std::array<std::string_view, 4> kNormNames = {"linf", "l2", "l1", "l0"};
inline constexpr std::array<std::string_view, 3> kGoalNames = {"untargeted", "targeted", "boost"};
inline constexpr std::array<std::string_view, 3> kLossNames = {"cross-entropy", "margin", "dlr"};

// The perturbations an attack may use: |d| <= eps in the norm, and x + d in [0,1].
struct Ball {
  Norm norm = Norm::linf;  // or l2
  float eps = 4.0F / 255;  // pixel units
};

// What is pursued, and by which loss.
struct Objective {
  Goal goal = Goal::untargeted;
  Loss loss = Loss::cross_entropy;
};

}  // namespace faultline::attack
