#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "attack/objective.h"
#include "engine/engine.h"
#include "tensor/tensor.h"

namespace faultline::attack {

// The images of one batch that an attack still works on: their current points, and the passes that judge and
// differentiate them. Images are named by their index in the batch; those that are finished leave, and later
// passes run without them. Buffers are made once, for the largest batch.
class ActiveBatch {
 public:
  // sample_shape [3,H,W]; both referred to must outlive this.
  ActiveBatch(engine::Plan& plan, const Objective& objective, const Shape& sample_shape, int capacity);

  // Begins with a new batch of n images: none is active, none has taken a pass.
  void begin(int n);
  // Holds the batch's images to masks from now on, until the next begin(): forward() puts the clean value
  // back, and backward() writes a gradient of 0, where an image's mask is 0. clean [n,3,H,W], masks [n,H,W];
  // both must outlive the batch's passes.
  void confine(TensorView clean, TensorView masks);
  // Whether masks act, if there are some; for passes whose points are not the images' own.
  void hold_to_masks(bool held) { is_held_ = held; }
  // Writes 0 where the image's mask is 0, held or not.
  void mask_gradient(int image, MutableTensorView gradient) const;
  // Makes exactly these images active; their points are to be written before the next forward().
  void activate(std::span<const int> images);
  // Keeps only the active images at these positions, ascending, with their points and logits.
  void keep(std::span<const int> positions);

  std::span<const int> images() const { return images_; }
  // Of the k-th active image.
  MutableTensorView point(int k) { return points_.row(k); }
  // Of the last backward's k-th seed; with backward(aims) of the k-th active image.
  TensorView gradient(int k) const { return gradients_.row(k); }

  // Runs the points of all active images, of which there must be some. logits(k), [K], is then of the k-th
  // active image, also after keep(). Throws ContractError if none was run since activate().
  void forward();
  std::span<const double> logits(int k) const;
  // The direction of d score/d point of the last forward's points (score_direction), one sweep for all.
  void backward(std::span<const Aim> aims);
  // The gradients of any scalars s_r, r = 0, 1, ..., R-1, of the active images at `positions` [R], each as
  // often as wanted: d s_r/d point from what `write` says of ds_r/d logits [K]. One sweep for all.
  using WriteSeed = std::function<void(int r, std::span<double> logit_gradient)>;
  void backward(std::span<const int> positions, const WriteSeed& write);

  // The same of the value of a node that the plan observes: `write` gets ds_r/dA, plain row-major.
  void backward(net::NodeId node, std::span<const int> positions, const WriteSeed& write);
  // The node's value at a position, [C,h,w] or [K].
  DoubleTensor activation(net::NodeId node, int k) const;

  // Passes that an image of the batch has taken since begin().
  std::int64_t forward_passes(int image) const { return forward_passes_[static_cast<std::size_t>(image)]; }
  std::int64_t backward_passes(int image) const { return backward_passes_[static_cast<std::size_t>(image)]; }

 private:
  void reserve_seeds(std::int64_t seeds, std::int64_t values);

  bool is_confined() const { return is_held_ && masks_.elements() > 0; }
  // Calls use(i) for each value i of [3,H,W] where the image's mask is 0.
  template <class Use>
  void for_each_masked(int image, const Use& use) const;

  engine::Plan& plan_;
  Objective objective_;
  TensorView clean_ = {};
  TensorView masks_ = {};
  bool is_held_ = true;
  Tensor points_;     // [capacity,3,H,W]
  Tensor gradients_;  // [most seeds so far, at least capacity,3,H,W]
  DoubleTensor seed_storage_;
  engine::Seeds seeds_;
  std::unique_ptr<engine::Pass> pass_;
  std::vector<int> images_;     // [active]
  std::vector<int> pass_rows_;  // [active]: where in pass_
  std::vector<int> positions_;  // of backward(aims)
  std::vector<std::int64_t> forward_passes_;
  std::vector<std::int64_t> backward_passes_;
};

}  // namespace faultline::attack
