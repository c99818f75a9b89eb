#pragma once

#include "heatmap/question.h"

namespace faultline::heatmap {

// Guided backpropagation [3,H,W], signed (Springenberg et al., "Striving for Simplicity: The All
// Convolutional Net", ICLR workshop 2015): the gradient, but that a ReLU of value f hands on
//   (f > 0) (G > 0) G   in place of   (f > 0) G.
// Clip that begins at 0 (ReLU6) counts as a ReLU; other activations keep their gradients. One forward and one
// backward pass. Known trap: it reconstructs the image and hardly depends on the weights of upper layers
// (Adebayo et al. 2018).
DoubleTensor guided_backprop(engine::Plan& plan, const Question& question);

}  // namespace faultline::heatmap
