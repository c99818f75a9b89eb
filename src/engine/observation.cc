#include "engine/observation.h"

namespace faultline::engine {

DoubleTensor Observation::channel_sum(Term f) const {
  const WeightedTerm alone{.term = f};
  return std::move(weighted_maps({&alone, 1}).front());
}

DoubleTensor Observation::weighted_map(Term f, const DoubleTensor& weights) const {
  const WeightedTerm alone{.term = f, .weights = weights};
  return std::move(weighted_maps({&alone, 1}).front());
}

DoubleTensor Observation::position_sum(Term f) const {
  return std::move(position_sums({&f, 1}).front());
}

std::vector<double> Observation::distances(const Observation& base, int base_row) const {
  return differences(base, base_row, std::nullopt).distances;
}

std::vector<double> Observation::gradient_dots(int seed, const Observation& base, int base_row) const {
  return differences(base, base_row, seed).dots;
}

}  // namespace faultline::engine
