#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "heatmap/methods.h"

namespace faultline::study {

// One method of heatmap::all_methods, ready to explain images to a network.
class Explainer {
 public:
  // layers: where heatmaps of layers live, observed nodes; attributions live at the input whatever they are.
  // Throws Error{usage} for an unknown method.
  Explainer(const net::Graph& graph, const engine::Engine& engine, std::string_view method,
            std::vector<net::NodeId> layers, const heatmap::MethodOptions& options = {});

  // A map [h,w] for each layer, or one [H,W] at the input; raw.
  std::vector<DoubleTensor> maps(const heatmap::Question& question) const;
  // The same of a question that depends on the image's logits [1,K], for the same forward pass.
  using Ask = std::function<heatmap::Question(const DoubleTensor& logits)>;
  std::vector<DoubleTensor> maps(TensorView image, const Ask& ask) const;

 private:
  std::vector<DoubleTensor> maps_of_layers(const engine::Pass& pass, const heatmap::Question& question) const;

  std::vector<net::NodeId> layers_;
  heatmap::MethodOptions options_;
  const heatmap::HeatmapMethod* sweep_ = nullptr;  // one of these three
  const heatmap::ChangedLayerMethod* changed_layer_ = nullptr;
  const heatmap::InputMethod* input_ = nullptr;
  std::unique_ptr<engine::Plan> plan_;
};

}  // namespace faultline::study
