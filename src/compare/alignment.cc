#include "compare/alignment.h"

#include <algorithm>

namespace faultline::compare {

Measured alignment(double pull, double distance, double gradient_norm) {
  const Measured cosine = quotient(-pull, distance * gradient_norm);
  return cosine ? Measured(std::clamp(*cosine, -1.0, 1.0)) : Measured();
}

}  // namespace faultline::compare
