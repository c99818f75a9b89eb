#pragma once

#include <map>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace faultline::test {

// A sweep's gradients as plain tensors: at [point] one [R, sample...], and that of the image.
struct Gradients {
  std::map<net::NodeId, std::vector<DoubleTensor>> at;
  std::vector<net::NodeId> order;  // of the visits
  Tensor image;
};

inline Gradients sweep(engine::Plan& plan, const engine::Pass& pass, const engine::Seeds& seeds,
                       const std::vector<net::NodeId>& points, bool image = true) {
  Gradients gradients;
  const auto& input = std::get<net::Input>(plan.graph().node(plan.graph().input()).op).sample_shape;
  if (image) gradients.image = Tensor(input.stacked(seeds.logit_gradients.shape()[0]));
  plan.backward(
      pass, seeds, points,
      [&](const engine::Observation& observation) {
        gradients.order.push_back(observation.node());
        for (int seed = 0; seed < observation.seeds(); ++seed)
          gradients.at[observation.node()].push_back(observation.read_gradient(seed));
      },
      gradients.image);
  return gradients;
}

// One seed for each row: the logits' weights differ from class to class and from row to row.
inline engine::Seeds mixed_seeds(int rows, std::int64_t classes) {
  engine::Seeds seeds{DoubleTensor(Shape{rows, classes})};
  for (std::int64_t i = 0; i < seeds.logit_gradients.elements(); ++i)
    seeds.logit_gradients[i] = static_cast<double>((i * 7 + 3) % 11) - 4.5;
  return seeds;
}

inline double dot(DoubleTensorView a, DoubleTensorView b) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.elements(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace faultline::test
