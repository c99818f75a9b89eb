#include "tensor/argmax.h"

#include <algorithm>

#include "base/error.h"

namespace faultline {

int argmax(std::span<const double> values) {
  require(!values.empty(), "argmax: at least one value");
  return static_cast<int>(std::ranges::max_element(values) - values.begin());
}

}  // namespace faultline
