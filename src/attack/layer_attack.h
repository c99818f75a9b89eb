#pragma once

#include <string>

#include "attack/entry.h"

namespace faultline::attack {

// Attacks the value A of a point of the network (net/points.h) rather than its answer:
//   away:     maximises |A' - A|_2, A that of the clean image;
//   to_guide: minimises |A' - T|_2, T that of the image's guide (AttackInput::guides; Sabour et al. 2016,
//             "Adversarial manipulation of deep representations", with gradient steps for their L-BFGS).
// Steps x <- project(x + step_size u), u the steepest direction in the ball's norm (step.h, projection.h),
// from a random point of the ball, as |A' - A| has no gradient at the clean image; towards a guide the first
// restart begins at the clean image. The best point of all steps and restarts is the result, whatever its
// class: success says whether the class changed. The score of verdict `adversarial` is |A' - A|, or -|A' -
// T|.
struct LayerAttack {
  Ball ball = {};
  std::string point = "logits";
  bool to_guide = false;
  int steps = 20;
  float step_size = 0.5F / 255;  // pixel units; of the catalogue 2.5 eps / steps
  int restarts = 1;
};

PassCount cost(const LayerAttack& attack);
// The node of the point, which the plan must observe. Throws Error{usage} listing the points if there is none
// of this name.
net::NodeId node_of(const LayerAttack& attack, const net::Graph& graph);
// See Attack::run. Throws Error{usage} also if to_guide and the input has no guides.
std::vector<AttackedImage> run(const LayerAttack& attack, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control);

// Of the catalogue.
extern const AttackEntry kLayerAttack;

}  // namespace faultline::attack
