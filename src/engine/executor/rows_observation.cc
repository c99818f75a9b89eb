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
std::vector<DoubleTensor> RowsObservation<S>::weighted_maps(std::span<const WeightedTerm> terms) const {
  for (const WeightedTerm& each : terms) {
    require(each.weights.elements() == 0 ||
                each.weights.shape() == Shape{results(each.term), bound_.layout.channels},
            "Observation::weighted_maps: weights need the shape [R,C]");
    results(each.term);
  }
  std::vector<DoubleTensor> maps = engine::weighted_maps(bound_, terms);
  for (std::size_t i = 0; i < terms.size(); ++i) maps[i].reshape(map_shape(terms[i].term));
  return maps;
}

template <class S>
std::vector<DoubleTensor> RowsObservation<S>::position_sums(std::span<const Term> terms) const {
  for (const Term f : terms) results(f);
  return engine::position_sums(bound_, terms);
}

template <class S>
std::vector<double> RowsObservation<S>::norms() const {
  return row_norms(bound_.activations, bound_.layout.row_elements(), bound_.vectors);
}

template <class S>
std::vector<double> RowsObservation<S>::gradient_norms() const {
  require(seeds() > 0, "Observation: gradients exist during a backward sweep only");
  return row_norms(bound_.gradients, bound_.layout.row_elements(), bound_.vectors);
}

template <class S>
Differences RowsObservation<S>::differences(const Observation& base, int base_row,
                                            std::optional<int> seed) const {
  const S* gradient = seed ? checked(bound_.gradients, *seed) : nullptr;
  return row_differences(bound_.activations, row_of(base, base_row), gradient, bound_.layout.row_elements(),
                         bound_.vectors);
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
