#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "findings/answer.h"
#include "findings/convolution_steps.h"
#include "findings/evidence.h"
#include "findings/selection.h"
#include "findings/stored_run.h"

namespace faultline::findings {

struct SusceptibleLayersOptions {
  bool against_twins = true;  // the same must hold without the twins' steps
  Selection selection = Selection::flipped;
};

// F4: the named layers (kNamedLayers) are the most susceptible. Supported if the mean share of other
// convolution layers that each one's step outranks within an image is above kOutranksMost, and so is that of
// its step minus the twins'; not supported if one of these is below kOutranksHalf.
//   Measures: for each named layer the share, and the share without the twins'; their intervals hold
//   together.
// Not said in a network without layers of those names: there ask rank_layers.
Answer susceptible_layers(const StoredRun& run, const ConditionEvidence& evidence,
                          const std::vector<ConditionEvidence>& twins,
                          const SusceptibleLayersOptions& options = {});

// The rank that a convolution layer may have by its step, 1 the largest (stats/rank_intervals.h).
struct LayerRank {
  std::string layer = {};
  Measure step = {};  // mean; the layers' intervals hold together
  std::size_t best = 1;
  std::size_t worst = 1;
};

// All convolution layers, in the order of the network, over the images that have all their steps.
std::vector<LayerRank> rank_layers(const StoredRun& run, const ConvolutionSteps& steps);

}  // namespace faultline::findings
