#pragma once

#include <vector>

#include "tensor/tensor.h"

namespace faultline::control {

// Of a perturbation d [C,H,W], in pixel units, summed in double in index order.
struct Statistics {
  std::vector<double> mean;  // [C]
  std::vector<double> std;   // [C], ddof 0
  double l2 = 0;
  double linf = 0;
};

Statistics statistics(DoubleTensorView perturbation);

// a - b in double. Shapes equal.
DoubleTensor difference(TensorView a, TensorView b);

}  // namespace faultline::control
