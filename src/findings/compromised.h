#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "findings/evidence.h"
#include "findings/rules.h"
#include "findings/stored_run.h"

namespace faultline::findings {

struct CompromisedOptions {
  double least_step = kLeastStep;
  double harmless_quantile = kHarmlessQuantile;
};

// Where an image is compromised (docs/method.md, "Compromised points").
struct ImageCompromise {
  std::vector<bool> points = {};          // [points]
  std::vector<bool> blocks = {};          // [blocks]
  std::optional<std::size_t> onset = {};  // the first compromised point
};

// What harmless inputs do at a point or in a block: steps of all inputs of role "harmless" that kept the
// class.
struct HarmlessRange {
  Measured median = {};
  Measured upper = {};     // the harmless quantile
  std::size_t inputs = 0;  // that have a step there
};

struct Compromise {
  std::size_t harmless_images = 0;         // images with such an input
  std::vector<HarmlessRange> points = {};  // [points] of steps
  std::vector<HarmlessRange> blocks = {};  // [blocks] of an input's largest step in the block
  // [images of the condition]; empty below kFewestForCompromised harmless images. An image without an
  // adversarial step is compromised nowhere.
  std::vector<ImageCompromise> images = {};
};

// A point is compromised where the adversarial step is at least `least_step` and above the quantile of the
// steps that harmless inputs of the condition's *other* images take there; a block where the largest step of
// its points is, against the harmless inputs' largest.
Compromise find_compromised(const StoredRun& run, const ConditionEvidence& evidence,
                            const CompromisedOptions& options = {});

}  // namespace faultline::findings
