#include "attack/input_check.h"

#include <string>

#include "attack/dlr.h"
#include "base/error.h"

namespace faultline::attack {

namespace {

void check_classes(std::span<const int> classes, std::int64_t count, const std::string& what) {
  for (const int y : classes) {
    if (y >= 0 && y < count) continue;
    throw Error(ErrorKind::usage, what + " " + std::to_string(y) +
                                      " is no class of this network, expected 0 to " +
                                      std::to_string(count - 1));
  }
}

void check_rank(int rank, std::int64_t count) {
  if (rank >= 1 && rank < count) return;
  throw Error(ErrorKind::usage, "there is no " + std::to_string(rank) +
                                    "-th likely other class in this network, expected a rank of 1 to " +
                                    std::to_string(count - 1));
}

Shape mask_shape(const Shape& images) {
  return {images[0], images[2], images[3]};
}

std::int64_t classes_of(const engine::Plan& plan) {
  const net::Graph& graph = plan.graph();
  return graph.infer_shapes(1)[static_cast<std::size_t>(graph.output())][-1];
}

}  // namespace

void check_classes_suffice(const engine::Plan& plan, int least, const std::string& what) {
  if (classes_of(plan) >= least) return;
  throw Error(ErrorKind::usage, what + " got a network of " + std::to_string(classes_of(plan)) +
                                    " classes, expected at least " + std::to_string(least));
}

void check_input(const engine::Plan& plan, const Objective& objective, const AttackInput& input) {
  require(input.images.shape().rank() == 4, "attack: images must be [N,3,H,W]");
  const auto n = static_cast<std::size_t>(input.images.shape()[0]);
  const bool targeted = objective.goal == Goal::targeted;
  require(input.labels.empty() || input.labels.size() == n, "attack: one label an image, or none");
  require(!input.target_rule || targeted, "attack: a target rule if targeted only");
  require(input.targets.size() == (targeted && !input.target_rule ? n : 0),
          "attack: one target an image if and only if targeted without a rule");
  require(input.masks.elements() == 0 || input.masks.shape() == mask_shape(input.images.shape()),
          "attack: masks [N,H,W], one an image, or none");
  require(input.guides.elements() == 0 || input.guides.shape() == input.images.shape(),
          "attack: guides are images of the same shape, one an image, or none");
  require(input.keys.size() == n, "attack: one key an image");
  require(input.max_batch >= 1, "attack: max_batch must be positive");
  check_classes(input.labels, classes_of(plan), "label");
  check_classes(input.targets, classes_of(plan), "target");
  if (input.target_rule) check_rank(input.target_rule->rank, classes_of(plan));
  if (objective.loss == Loss::dlr) check_classes_suffice(plan, kLeastDlrClasses, "the loss dlr");
}

}  // namespace faultline::attack
