#include "heatmap/channel_sum.h"

#include <algorithm>
#include <utility>

#include "heatmap/rectified.h"

namespace faultline::heatmap {
namespace {

bool has_weights(const ChannelSum& formula) {
  return formula.weights != ChannelSum::Weights::ones;
}

// The position sums that weights are made of, each once.
std::vector<engine::Term> weight_terms(std::span<const ChannelSum> formulas) {
  std::vector<engine::Term> terms;
  for (const ChannelSum& formula : formulas) {
    if (has_weights(formula) && std::ranges::count(terms, formula.weighted_by) == 0)
      terms.push_back(formula.weighted_by);
  }
  return terms;
}

DoubleTensor weights_of(const ChannelSum& formula, DoubleTensor sums, std::int64_t positions) {
  if (formula.weights == ChannelSum::Weights::means) {
    for (double& weight : sums.values()) weight /= static_cast<double>(positions);
  }
  return sums;
}

}  // namespace

std::vector<DoubleTensor> channel_sums(const engine::Observation& layer,
                                       std::span<const ChannelSum> formulas) {
  const std::vector<engine::Term> terms = weight_terms(formulas);
  require(terms.empty() || layer.seeds() == layer.rows(), "channel_sums: one seed for each row");
  std::vector<DoubleTensor> sums;
  if (!terms.empty()) sums = layer.position_sums(terms);
  std::vector<engine::WeightedTerm> wanted;
  for (const ChannelSum& formula : formulas) {
    engine::WeightedTerm& map = wanted.emplace_back(engine::WeightedTerm{.term = formula.summand});
    if (!has_weights(formula)) continue;
    const DoubleTensor& of_term =
        sums[static_cast<std::size_t>(std::ranges::find(terms, formula.weighted_by) - terms.begin())];
    map.weights = weights_of(formula, of_term, layer.sample_shape().elements() / of_term.shape()[1]);
  }
  std::vector<DoubleTensor> maps = layer.weighted_maps(wanted);
  for (DoubleTensor& map : maps) map = rectified(std::move(map));
  return maps;
}

}  // namespace faultline::heatmap
