#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "attack/objective.h"
#include "attack/target_rule.h"
#include "base/run_control.h"
#include "base/settings.h"
#include "engine/engine.h"
#include "tensor/tensor.h"

namespace faultline::attack {

// The images to attack. What is referred to must outlive the call.
struct AttackInput {
  TensorView images;                  // [N,3,H,W], pixel units, in [0,1]
  std::span<const int> labels = {};   // [N], or empty: each image's clean prediction
  std::span<const int> targets = {};  // [N] if the goal is `targeted` and there is no rule, else empty
  std::optional<TargetRule> target_rule = {};  // how each image's target is found, if the goal is `targeted`
  TensorView guides = {};                      // as images, or empty: of the layer attack
  // [N,H,W], or empty: where 0, an image keeps its clean values in all channels, and gradients count as 0.
  TensorView masks = {};
  // [N]: names an image for the random streams: the SHA-256 of its file and, for duplicates, an ordinal. A
  // stream is named "<key>/<attack>[/boost]/restart=<r>", so that results depend on no batch or order.
  std::span<const std::string> keys;
  std::uint64_t seed = 0;
  int max_batch = 16;  // most images in one pass; has no influence on results
  // Images that are not finished by then take what was found, between two steps. Results then depend on the
  // machine.
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
};

// One image's outcome. Verdicts are of `image`, but for the clean and the rounded one.
struct AttackedImage {
  Tensor image;  // [3,H,W], within the ball in exact arithmetic, and in [0,1]
  Aim aim;
  Verdict clean;
  Verdict adversarial;
  Verdict rounded;  // of the image rounded to 8 bits, as a user would store it (image/encode.h)
  double linf = 0;  // |image - clean image|, pixel units
  double l2 = 0;
  int steps = 0;    // taken in the restart that was kept
  int restart = 0;  // which was kept
  std::int64_t forward_passes = 0;
  std::int64_t backward_passes = 0;
};

// Most passes that one image can take.
struct PassCount {
  std::int64_t forward = 0;
  std::int64_t backward = 0;
};

class Attack {
 public:
  explicit Attack(Settings settings) : settings_(std::move(settings)) {}
  virtual ~Attack() = default;

  std::string_view name() const { return settings_.name(); }
  // What it was made with; tells the value of each of its parameters, given or by default.
  const Settings& settings() const { return settings_; }
  virtual PassCount cost() const = 0;
  // The nodes that the plan must observe. Throws Error{usage} if the settings name none of this network.
  virtual std::vector<net::NodeId> observed(const net::Graph&) const { return {}; }

  // Attacks every image; [N], in order. Reports progress in steps, and may be stopped between two.
  //   An image's result depends on the plan's network and engine, the image, its label, target, mask and key,
  //   and the seed: not on the other images or max_batch.
  // Throws Error{usage} naming a label, target or rank that is no class of the network, Error{model} if the
  // logits of a clean image are not finite, Error{interrupted} if stopped, ContractError if N differs between
  // the input's members or max_batch < 1.
  virtual std::vector<AttackedImage> run(engine::Plan& plan, const AttackInput& input,
                                         const RunControl& control) const = 0;

 private:
  Settings settings_;
};

}  // namespace faultline::attack
