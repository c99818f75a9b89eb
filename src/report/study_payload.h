#pragma once

#include <nlohmann/json.hpp>

#include "report/exemplars.h"
#include "store/store.h"

namespace faultline::report {

// Of which images pictures and heatmaps are in the payload.
enum class Pictures {
  left_out,
  of_exemplars,
  on_demand,  // of none, but all are listed: a page fetches them one by one (gallery_inputs)
};

struct PayloadOptions {
  Pictures pictures = Pictures::of_exemplars;
  ExemplarCounts exemplars = {};
};

// All that the report's page shows of a run, from its store alone (web/src/payload.ts says what is where):
// the summary as `faultline summary --json` prints it, the network, every studied image's responses to each
// condition's perturbed input, and the exemplars.
//   About 1 KB an image and condition for 20 points, and 150 KB an exemplar of 224 pixels.
// Stands within one transaction of the store, so that a run may go on meanwhile.
nlohmann::ordered_json study_payload(store::Store& store, const PayloadOptions& options = {});

}  // namespace faultline::report
