#pragma once

#include <cstdint>
#include <vector>

#include "engine/engine.h"
#include "net/graph.h"
#include "tensor/tensor.h"

namespace faultline::compare {

// How a class's probability answers as pixels are exchanged in the order of a map: is what the map shows what
// the network uses?
struct ExchangeCurve {
  std::vector<double> shares;         // of pixels exchanged: 0, 1/steps, ..., 1
  std::vector<double> probabilities;  // softmax(z)_c there
  double area = 0;                    // under the curve, by the trapezoidal rule: 0 to 1
};

// Insertion and deletion (Petsiuk, Das, Saenko 2018, "RISE", section 4.3).
//   deletion   from the image to the baseline, the most relevant pixels first: a small area is good
//   insertion  from the baseline to the image, the most relevant pixels first: a large area is good
// A pixel is exchanged with all its channels.
//   image, baseline [3,H,W], pixel units; relevance [H,W] at the image's size, any sign; steps >= 1.
// The paper exchanges 224 pixels a step (224 steps at 224 x 224) with the baselines below. Costs steps + 1
// forward passes each. Throws ContractError if shapes differ or the class does not exist.
ExchangeCurve deletion_curve(engine::Plan& plan, TensorView image, TensorView relevance, int class_index,
                             TensorView baseline, int steps);
ExchangeCurve insertion_curve(engine::Plan& plan, TensorView image, TensorView relevance, int class_index,
                              TensorView baseline, int steps);

// Deletion's baseline: the pixels [3,H,W] that the network's preprocessing makes 0, clamped to [0,1]; black
// where it has none.
Tensor neutral_baseline(const net::Graph& graph, const Shape& image_shape);

struct BlurOptions {
  int size = 11;     // pixels a side; odd
  double sigma = 5;  // pixels; > 0
};

// Insertion's baseline: the image blurred by a Gaussian of size x size pixels; edges are continued.
Tensor blurred_baseline(TensorView image, const BlurOptions& options = {});

}  // namespace faultline::compare
