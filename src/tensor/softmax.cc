#include "tensor/softmax.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace faultline {

std::vector<double> softmax(DoubleTensorView logits) {
  if (!std::all_of(logits.values().begin(), logits.values().end(), [](double z) { return std::isfinite(z); }))
    throw Error(ErrorKind::model, "the network's logits are not finite numbers");
  const double largest = *std::max_element(logits.values().begin(), logits.values().end());
  std::vector<double> probabilities;
  double sum = 0;
  for (const double z : logits.values()) {
    probabilities.push_back(std::exp(z - largest));
    sum += probabilities.back();
  }
  for (double& p : probabilities) p /= sum;
  return probabilities;
}

}  // namespace faultline
