#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "net/points.h"
#include "store/rows.h"
#include "tensor/tensor.h"

namespace faultline::study {

// What is measured of an input x' without knowing the image that it came from.
struct DetectionOptions {
  int copies = 4;            // K, of x' with light noise
  double noise = 1.0 / 255;  // its standard deviation, pixel units, before clipping to [0,1]
};

// Of one input [3,h,w], by point of the map:
//   copies-deviation  mean over the copies of ln(|A(copy) - A(x')| / |A(x')|);
//   copies-alignment  mean over the copies of the cosine of A(copy) - A(x') with -dm/dA(x'), m the margin
//   between x''s
//                     own class and its runner-up;
//   noisecam-mass     ln of the mean of the NoiseCAM map (variant probability, score the own class) of x'; at
//   layers.
// Values are missing where one of the copies has none, or the mass is 0. Of each row `quantity`, `point` and
// `value` are filled in.
//   plan: observes the points (compare::observed_nodes).
//   stream: names the copies' random stream.
// Costs K + 2 forward passes and 2 backward passes.
std::vector<store::DetectionRow> detection_quantities(engine::Plan& plan, const net::NetworkMap& map,
                                                      TensorView input, std::uint64_t seed,
                                                      const std::string& stream,
                                                      const DetectionOptions& options = {});

}  // namespace faultline::study
