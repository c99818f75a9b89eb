#include "heatmap/sweep.h"

#include <map>

namespace faultline::heatmap {
namespace {

bool is_one_for_each_row(const engine::Seeds& seeds, int rows) {
  if (seeds.logit_gradients.shape()[0] != rows) return false;
  for (std::size_t i = 0; i < seeds.rows.size(); ++i) {
    if (seeds.rows[i] != static_cast<int>(i)) return false;
  }
  return true;
}

std::map<net::NodeId, std::size_t> index_of(std::span<const net::NodeId> nodes) {
  std::map<net::NodeId, std::size_t> index;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    require(index.emplace(nodes[i], i).second, "heatmaps_of_all_layers: a layer is named twice");
  }
  return index;
}

}  // namespace

std::vector<std::vector<DoubleTensor>> heatmaps_of_all_layers(engine::Plan& plan, const engine::Pass& pass,
                                                              std::span<const net::NodeId> layers,
                                                              std::span<const HeatmapMethod> methods,
                                                              const engine::Seeds& seeds) {
  require(is_one_for_each_row(seeds, pass.rows()), "heatmaps_of_all_layers: one seed for each row, in order");
  const auto index = index_of(layers);
  std::vector<std::vector<DoubleTensor>> maps(layers.size());
  plan.backward(pass, seeds, layers, [&](const engine::Observation& layer) {
    maps[index.at(layer.node())] = heatmaps(layer, methods);
  });
  return maps;
}

}  // namespace faultline::heatmap
