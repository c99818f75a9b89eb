#include "heatmap/channel_sum.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "heatmap/rectified.h"

namespace faultline::heatmap {
namespace {

using Weights = ChannelSum::Weights;

bool has_weights(const ChannelSum& formula) {
  return formula.weights != Weights::ones;
}

// Sums over positions, each term's once.
class PositionSums {
 public:
  PositionSums(const engine::Observation& layer, std::span<const ChannelSum> formulas) {
    for (const ChannelSum& formula : formulas) {
      if (has_weights(formula)) want(formula.weighted_by);
      if (formula.weights == Weights::shares) want(formula.divided_by);
    }
    require(terms_.empty() || layer.seeds() == layer.rows(), "channel_sums: one seed for each row");
    if (!terms_.empty()) sums_ = layer.position_sums(terms_);
  }

  const DoubleTensor& of(engine::Term term) const {
    return sums_[static_cast<std::size_t>(std::ranges::find(terms_, term) - terms_.begin())];
  }

 private:
  void want(engine::Term term) {
    if (std::ranges::count(terms_, term) == 0) terms_.push_back(term);
  }

  std::vector<engine::Term> terms_ = {};
  std::vector<DoubleTensor> sums_ = {};
};

void divide(DoubleTensor& weights, const DoubleTensor& by, double offset) {
  for (std::int64_t i = 0; i < weights.elements(); ++i) {
    const double divisor = by[i] + offset;
    weights[i] = divisor == 0 ? 0 : weights[i] / divisor;
  }
}

void scale_rows(DoubleTensor& weights, std::span<const double> scores) {
  require(std::ssize(scores) == weights.shape()[0], "channel_sums: this formula needs a score for each row");
  for (std::int64_t r = 0; r < weights.shape()[0]; ++r) {
    for (double& weight : weights.row(r).values()) weight *= std::exp(scores[static_cast<std::size_t>(r)]);
  }
}

DoubleTensor weights_of(const ChannelSum& formula, const PositionSums& sums, std::int64_t sample_elements,
                        std::span<const double> scores) {
  DoubleTensor weights = sums.of(formula.weighted_by);
  if (formula.weights == Weights::means) {
    const std::int64_t positions = sample_elements / weights.shape()[1];
    for (double& weight : weights.values()) weight /= static_cast<double>(positions);
  }
  if (formula.weights == Weights::shares) divide(weights, sums.of(formula.divided_by), formula.offset);
  if (formula.times_exponential) scale_rows(weights, scores);
  return weights;
}

void subtract(DoubleTensor& map, const DoubleTensor& other) {
  require(map.shape() == other.shape(), "channel_sums: one seed for each row");
  for (std::int64_t i = 0; i < map.elements(); ++i) map[i] -= other[i];
}

}  // namespace

std::vector<DoubleTensor> channel_sums(const engine::Observation& layer, std::span<const ChannelSum> formulas,
                                       std::span<const double> scores) {
  const PositionSums sums(layer, formulas);
  std::vector<engine::WeightedTerm> wanted;
  for (const ChannelSum& formula : formulas) {
    engine::WeightedTerm& map = wanted.emplace_back(engine::WeightedTerm{.term = formula.summand});
    if (has_weights(formula))
      map.weights = weights_of(formula, sums, layer.sample_shape().elements(), scores);
  }
  for (const ChannelSum& formula : formulas) {
    if (formula.less) wanted.push_back({.term = *formula.less});
  }
  std::vector<DoubleTensor> maps = layer.weighted_maps(wanted);
  std::size_t next = formulas.size();
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    if (formulas[i].less) subtract(maps[i], maps[next++]);
    maps[i] = rectified(std::move(maps[i]));
  }
  maps.resize(formulas.size());
  return maps;
}

}  // namespace faultline::heatmap
