#include "engine/executor/rows_observation.h"

#include "base/error.h"
#include "engine/executor/maps.h"
#include "engine/executor/norms.h"
#include "engine/executor/sums.h"
#include "engine/executor/terms.h"

namespace faultline::engine {

namespace {

template <class S>
const S* checked(std::span<const S* const> rows, int row) {
  require(row >= 0 && row < static_cast<int>(rows.size()), "Observation: no such row or seed");
  return rows[static_cast<std::size_t>(row)];
}

}  // namespace

template <class S>
std::int64_t RowsObservation<S>::results(Term f) const {
  require(!uses_gradient(f) || seeds() > 0, "Observation: gradients exist during a backward sweep only");
  return uses_gradient(f) ? seeds() : rows();
}

template <class S>
Shape RowsObservation<S>::map_shape(Term f) const {
  const bool is_map = sample_shape_.rank() == 3;
  return {results(f), is_map ? sample_shape_[1] : 1, is_map ? sample_shape_[2] : bound_.layout.positions};
}

template <class S>
DoubleTensor RowsObservation<S>::channel_sum(Term f) const {
  DoubleTensor ones(Shape{results(f), bound_.layout.channels});
  for (double& weight : ones.values()) weight = 1;
  return weighted_map(f, ones);
}

template <class S>
DoubleTensor RowsObservation<S>::weighted_map(Term f, const DoubleTensor& weights) const {
  require(weights.shape() == Shape{results(f), bound_.layout.channels},
          "Observation::weighted_map: weights need the shape [R,C]");
  DoubleTensor result(map_shape(f));
  weighted_maps(bound_, f, weights, result.data());
  return result;
}

template <class S>
DoubleTensor RowsObservation<S>::position_sum(Term f) const {
  DoubleTensor result(Shape{results(f), bound_.layout.channels});
  position_sums(bound_, f, result.data());
  return result;
}

template <class S>
std::vector<double> RowsObservation<S>::norms() const {
  return row_norms(bound_.activations, bound_.layout.row_elements());
}

template <class S>
std::vector<double> RowsObservation<S>::distances(const Observation& base, int base_row) const {
  return row_distances(bound_.activations, row_of(base, base_row), bound_.layout.row_elements());
}

template <class S>
std::vector<double> RowsObservation<S>::gradient_norms() const {
  require(seeds() > 0, "Observation: gradients exist during a backward sweep only");
  return row_norms(bound_.gradients, bound_.layout.row_elements());
}

template <class S>
std::vector<double> RowsObservation<S>::gradient_dots(int seed, const Observation& base, int base_row) const {
  return difference_dots(checked(bound_.gradients, seed), bound_.activations, row_of(base, base_row),
                         bound_.layout.row_elements());
}

template <class S>
const S* RowsObservation<S>::row_of(const Observation& base, int base_row) const {
  const auto* other = dynamic_cast<const RowsObservation*>(&base);
  require(other != nullptr && other->node_ == node_ && other->bound_.layout == bound_.layout,
          "Observation: the base is another node's, or another engine's");
  return checked(other->bound_.activations, base_row);
}

template <class S>
DoubleTensor RowsObservation<S>::read_row(const S* row) const {
  const Layout& layout = bound_.layout;
  DoubleTensor result = DoubleTensor::uninitialised(sample_shape_);
  for (std::int64_t c = 0; c < layout.channels; ++c) {
    for (std::int64_t p = 0; p < layout.positions; ++p)
      result[c * layout.positions + p] = double{row[layout.offset(c, p)]};
  }
  return result;
}

template <class S>
DoubleTensor RowsObservation<S>::read(int row) const {
  return read_row(checked(bound_.activations, row));
}

template <class S>
DoubleTensor RowsObservation<S>::read_gradient(int seed) const {
  return read_row(checked(bound_.gradients, seed));
}

template class RowsObservation<float>;
template class RowsObservation<double>;

}  // namespace faultline::engine
