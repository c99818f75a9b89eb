#pragma once

#include "engine/engine.h"
#include "tensor/tensor.h"

namespace faultline::compare {

// What is left of a class's probability if only what a map shows is left of the image (Chattopadhay et al.
// 2018, "Grad-CAM++", section 4.1): the image is multiplied by the map, scaled to [0,1] by its least and
// largest value.
struct ConfidenceDrop {
  double clean = 0;   // p = softmax(z)_c of the image
  double masked = 0;  // p' of the masked image
  // max(0, p - p') / p: its mean over images is the average drop. Small is good.
  double drop() const;
  // p' > p: its share of images is the increase in confidence. Large is good.
  bool increased() const { return masked > clean; }
};

// image [3,H,W], pixel units; relevance [H,W] at the image's size, any sign; a constant map masks nothing if
// positive, all if not. Costs two forward passes. Throws ContractError if shapes differ or the class does not
// exist.
ConfidenceDrop confidence_drop(engine::Plan& plan, TensorView image, TensorView relevance, int class_index);

}  // namespace faultline::compare
