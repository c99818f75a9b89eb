#include "control/statistics.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "control/moments.h"

namespace faultline::control {

Statistics statistics(DoubleTensorView perturbation) {
  require(perturbation.shape().rank() == 3, "control::statistics: perturbation must be [C,H,W]");
  Statistics result;
  for (std::int64_t c = 0; c < perturbation.shape()[0]; ++c) {
    const MeanAndStd channel = mean_and_std(perturbation.row(c).values());
    result.mean.push_back(channel.mean);
    result.std.push_back(channel.std);
  }
  double squares = 0;
  for (const double d : perturbation.values()) {
    squares += d * d;
    result.linf = std::max(result.linf, std::abs(d));
  }
  result.l2 = std::sqrt(squares);
  return result;
}

DoubleTensor difference(TensorView a, TensorView b) {
  require(a.shape() == b.shape(), "control::difference: shapes differ");
  DoubleTensor result = DoubleTensor::uninitialised(a.shape());
  for (std::int64_t i = 0; i < a.elements(); ++i) {
    result[i] = static_cast<double>(a[i]) - static_cast<double>(b[i]);
  }
  return result;
}

}  // namespace faultline::control
