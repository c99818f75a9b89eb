#include "heatmap/sweep.h"

#include <algorithm>
#include <map>
#include <numeric>

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

// One sweep for the methods at `which`, whose maps go to their places in [layer][method].
struct Sweep {
  engine::Plan& plan;
  const engine::Pass& pass;
  std::span<const net::NodeId> layers;
  std::span<const HeatmapMethod> methods;

  void run(const std::vector<std::size_t>& which, const engine::Seeds& seeds, std::span<const double> scores,
           std::vector<std::vector<DoubleTensor>>& maps) const {
    if (which.empty()) return;
    const auto index = index_of(layers);
    std::vector<HeatmapMethod> chosen;
    for (const std::size_t i : which) chosen.push_back(methods[i]);
    plan.backward(pass, seeds, layers, [&](const engine::Observation& layer) {
      std::vector<DoubleTensor> found = heatmaps(layer, chosen, scores);
      auto& of_layer = maps[index.at(layer.node())];
      for (std::size_t i = 0; i < which.size(); ++i) of_layer[which[i]] = std::move(found[i]);
    });
  }
};

}  // namespace

std::vector<std::vector<DoubleTensor>> heatmaps_of_all_layers(engine::Plan& plan, const engine::Pass& pass,
                                                              std::span<const net::NodeId> layers,
                                                              std::span<const HeatmapMethod> methods,
                                                              const Score& score, const ClassPair& classes) {
  const Score& probability = score.as_probability();
  std::vector<std::size_t> own;
  std::vector<std::size_t> of_probability;
  for (std::size_t i = 0; i < methods.size(); ++i) {
    const bool apart = methods[i].of_probability && probability.name != score.name;
    (apart ? of_probability : own).push_back(i);
  }
  std::vector<std::vector<DoubleTensor>> maps(layers.size(), std::vector<DoubleTensor>(methods.size()));
  const Sweep sweep{plan, pass, layers, methods};
  const DoubleTensor& z = pass.logits();
  sweep.run(own, score.seeds(z, classes), score.values(z, classes), maps);
  sweep.run(of_probability, probability.seeds(z, classes), probability.values(z, classes), maps);
  return maps;
}

std::vector<std::vector<DoubleTensor>> heatmaps_of_all_layers(engine::Plan& plan, const engine::Pass& pass,
                                                              std::span<const net::NodeId> layers,
                                                              std::span<const HeatmapMethod> methods,
                                                              const engine::Seeds& seeds) {
  require(is_one_for_each_row(seeds, pass.rows()), "heatmaps_of_all_layers: one seed for each row, in order");
  require(std::ranges::all_of(methods, [](const auto& method) { return method.needs_gradients_only(); }),
          "heatmaps_of_all_layers: a method needs scores");
  std::vector<std::size_t> all(methods.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<std::vector<DoubleTensor>> maps(layers.size(), std::vector<DoubleTensor>(methods.size()));
  Sweep{plan, pass, layers, methods}.run(all, seeds, {}, maps);
  return maps;
}

}  // namespace faultline::heatmap
