#pragma once

#include <span>

#include "heatmap/question.h"

namespace faultline::heatmap {

// ds/d(image) of each row [R,3,H,W], pixel units, each row's score of the same classes. One forward pass and
// one backward sweep of R rows. rules: departures from the chain rule (engine/gradient_rule.h).
DoubleTensor image_gradients(engine::Plan& plan, TensorView images, const Score& score,
                             const ClassPair& classes, std::span<const engine::GradientRule> rules = {});

// Attributions [3,H,W] at the input, signed, pixel units; x the image, s the score.
//   gradient: ds/dx (Simonyan et al., "Deep Inside Convolutional Networks", 2014, without the absolute value)
//   input_x_gradient: x ds/dx (Shrikumar et al., "Not Just a Black Box", 2016)
// One forward and one backward pass each.
DoubleTensor gradient(engine::Plan& plan, const Question& question);
DoubleTensor input_x_gradient(engine::Plan& plan, const Question& question);

}  // namespace faultline::heatmap
