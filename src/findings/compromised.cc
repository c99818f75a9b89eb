#include "findings/compromised.h"

#include <algorithm>

#include "base/error.h"
#include "findings/harmless_pool.h"

namespace faultline::findings {
namespace {

// The largest step among the points of each block.
std::vector<Measured> block_steps(const StoredRun& run, const std::vector<Measured>& steps) {
  std::vector<Measured> largest(run.blocks.size());
  for (std::size_t point = 0; point < steps.size(); ++point) {
    Measured& of_block = largest[static_cast<std::size_t>(run.points[point].block)];
    if (steps[point] && (!of_block || *steps[point] > *of_block)) of_block = steps[point];
  }
  return largest;
}

// Points or blocks: how an input's steps become one value for each of them.
template <class ValuesOf>
std::vector<HarmlessPool> pools(const ConditionEvidence& evidence, std::size_t places,
                                const ValuesOf& values_of) {
  std::vector<std::vector<HarmlessPool::Entry>> entries(places);
  for (std::size_t image = 0; image < evidence.images.size(); ++image) {
    for (const auto& steps : evidence.images[image].harmless_steps) {
      const std::vector<Measured> values = values_of(steps);
      for (std::size_t place = 0; place < places; ++place) {
        if (values[place]) entries[place].push_back({.value = *values[place], .image = image});
      }
    }
  }
  std::vector<HarmlessPool> result;
  for (auto& of_place : entries) result.emplace_back(std::move(of_place));
  return result;
}

std::vector<HarmlessRange> ranges(const std::vector<HarmlessPool>& pools_of_places, double quantile) {
  std::vector<HarmlessRange> result;
  for (const HarmlessPool& pool : pools_of_places) {
    result.push_back({.median = pool.quantile(0.5), .upper = pool.quantile(quantile), .inputs = pool.size()});
  }
  return result;
}

std::vector<bool> beyond(const std::vector<Measured>& values,
                         const std::vector<HarmlessPool>& pools_of_places, std::size_t image,
                         const CompromisedOptions& options) {
  std::vector<bool> result(pools_of_places.size(), false);
  for (std::size_t place = 0; place < result.size(); ++place) {
    if (place >= values.size() || !values[place] || *values[place] < options.least_step) continue;
    const Measured harmless = pools_of_places[place].quantile_without(image, options.harmless_quantile);
    result[place] = harmless && *values[place] > *harmless;
  }
  return result;
}

}  // namespace

Compromise find_compromised(const StoredRun& run, const ConditionEvidence& evidence,
                            const CompromisedOptions& options) {
  require(options.harmless_quantile >= 0 && options.harmless_quantile <= 1,
          "find_compromised: the quantile must be in [0,1]");
  const auto by_point = [](const std::vector<Measured>& steps) { return steps; };
  const auto by_block = [&](const std::vector<Measured>& steps) { return block_steps(run, steps); };
  const auto point_pools = pools(evidence, run.points.size(), by_point);
  const auto block_pools = pools(evidence, run.blocks.size(), by_block);
  Compromise result;
  result.harmless_images = static_cast<std::size_t>(
      std::count_if(evidence.images.begin(), evidence.images.end(),
                    [](const ImageEvidence& image) { return !image.harmless_steps.empty(); }));
  result.points = ranges(point_pools, options.harmless_quantile);
  result.blocks = ranges(block_pools, options.harmless_quantile);
  if (result.harmless_images < kFewestForCompromised) return result;
  for (std::size_t image = 0; image < evidence.images.size(); ++image) {
    const KindResponse* adversarial = kind_of(evidence.images[image], kAdversarial);
    const std::vector<Measured> steps =
        adversarial ? adversarial->step : std::vector<Measured>(run.points.size());
    ImageCompromise of{.points = beyond(steps, point_pools, image, options),
                       .blocks = beyond(block_steps(run, steps), block_pools, image, options),
                       .onset = {}};
    const auto first = std::find(of.points.begin(), of.points.end(), true);
    if (first != of.points.end()) of.onset = static_cast<std::size_t>(first - of.points.begin());
    result.images.push_back(std::move(of));
  }
  return result;
}

}  // namespace faultline::findings
