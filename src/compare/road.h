#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "tensor/tensor.h"

namespace faultline::compare {

// ROAD, remove and debias (Rong et al. 2022): a class's probability once a share of the pixels is removed and
// filled from its surroundings (noisy_linear_imputation.h).
struct Road {
  std::vector<double> shares;       // removed, as asked for
  std::vector<double> most_first;   // softmax(z)_c, the most relevant pixels removed: small is good
  std::vector<double> least_first;  // the least relevant ones removed: large is good
  double combined = 0;  // mean over shares of (least_first - most_first) / 2: -1/2 to 1/2, large is good
};

struct RoadOptions {
  std::vector<double> shares = {0.2, 0.4, 0.6, 0.8};  // of pixels removed, each in (0,1)
  double noise = 0.01;                                // standard deviation, pixel units
};

//   image [3,H,W], pixel units; relevance [H,W] at the image's size, any sign.
//   key: names image and map; noise comes from the streams "<key>/road=most/<pixels removed>" and
//   "...=least/...".
// Costs two forward passes a share, and as many sparse systems,
// which at 224 x 224 take longer than the passes. Throws ContractError if shapes differ, a share is out of
// range or the class does not exist.
Road road(engine::Plan& plan, TensorView image, TensorView relevance, int class_index,
          const RoadOptions& options, std::uint64_t seed, const std::string& key);

}  // namespace faultline::compare
