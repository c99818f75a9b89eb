#pragma once

#include <span>

#include "engine/common/vector_set.h"
#include "engine/kernel.h"
#include "engine/observation.h"

namespace faultline::engine {

// The rows that reductions work on: activations [rows], gradients [seeds], the activation row of each seed.
template <class S>
struct BoundRows {
  Layout layout;
  std::span<const S* const> activations;
  std::span<const S* const> gradients;
  std::span<const int> seed_rows;
  VectorSet vectors = widest_vector_set();
};

// Observation over the executor's rows; reads them where they are.
template <class S>
class RowsObservation final : public Observation {
 public:
  RowsObservation(net::NodeId node, const Shape& sample_shape, const BoundRows<S>& bound)
      : node_(node), sample_shape_(sample_shape), bound_(bound) {}

  net::NodeId node() const override { return node_; }
  int rows() const override { return static_cast<int>(bound_.activations.size()); }
  int seeds() const override { return static_cast<int>(bound_.gradients.size()); }
  Shape sample_shape() const override { return sample_shape_; }

  std::vector<DoubleTensor> weighted_maps(std::span<const WeightedTerm> terms) const override;
  std::vector<DoubleTensor> position_sums(std::span<const Term> terms) const override;
  std::vector<double> norms() const override;
  std::vector<double> gradient_norms() const override;
  Differences differences(const Observation& base, int base_row, std::optional<int> seed) const override;
  DoubleTensor read(int row) const override;
  DoubleTensor read_gradient(int seed) const override;

 private:
  std::int64_t results(Term f) const;
  Shape map_shape(Term f) const;
  const S* row_of(const Observation& base, int base_row) const;
  DoubleTensor read_row(const S* row) const;

  net::NodeId node_;
  Shape sample_shape_;
  BoundRows<S> bound_;
};

}  // namespace faultline::engine
