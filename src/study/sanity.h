#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/run_control.h"
#include "base/settings.h"
#include "compare/measured.h"
#include "engine/engine.h"
#include "formats/load_model.h"
#include "heatmap/methods.h"
#include "study/input_image.h"

namespace faultline::study {

// The parameter-randomisation check (Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018; as
// Quantus's model parameter randomisation test, top-down and cascading): a map that explains a network must
// change when the network's weights are drawn anew, layer by layer from the output down.
//   similarity = Spearman's correlation of |map| / max |map| before and after, of the same class, the clean
//   prediction of the network as it is
struct SanityOptions {
  std::vector<Settings> methods;  // heatmap::method_settings of each
  std::string layer;              // where heatmaps of layers live; the network's last if empty
  std::uint64_t seed = 42;
};

// After the first k + 1 layers from the output down have weights drawn anew.
struct SanityStep {
  std::string layer;                          // the last of them
  std::vector<compare::Measured> similarity;  // [images]; missing where a map is constant
  compare::Measured mean() const;             // over the images that have one
};

struct SanityResult {
  std::string method;
  std::vector<SanityStep> steps;  // one a weighted layer

  // The mean similarity once the upper half of the layers (rounded up), and once all of them are random.
  compare::Measured upper_half() const;
  compare::Measured whole() const;
  // Whether both are below kLargestSimilarity; a method without a value does not pass.
  bool passes() const;
};

inline constexpr double kLargestSimilarity = 0.5;

// Convolutions and dense layers with constant weights, from the output down.
std::vector<net::NodeId> layers_to_randomise(const net::Graph& graph);

// The same network, its first `count` layers of that list with weights from N(0, 2/fan-in) and biases of 0.
// A layer's draw depends on its name and the seed. Batch normalisations stay.
net::Graph randomised(const net::Graph& graph, std::size_t count, std::uint64_t seed);

// Throws Error{usage} for an unknown method or layer, Error{interrupted} if stopped.
std::vector<SanityResult> check_sanity(const formats::Model& model, const std::vector<InputImage>& images,
                                       const engine::Engine& engine, const SanityOptions& options,
                                       const RunControl& control);

}  // namespace faultline::study
