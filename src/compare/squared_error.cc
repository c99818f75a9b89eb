#include "compare/squared_error.h"

namespace faultline::compare {

Measured mean_squared_error(const RankedMap& clean, const RankedMap& other) {
  require_same_size(clean, other);
  if (clean.blank() || other.blank()) return {};
  double sum = 0;
  for (std::size_t i = 0; i < clean.values().size(); ++i) {
    const double difference = clean.values()[i] - other.values()[i];
    sum += difference * difference;
  }
  return sum / static_cast<double>(clean.cells());
}

}  // namespace faultline::compare
