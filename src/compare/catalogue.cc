#include "compare/catalogue.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/named.h"
#include "compare/centre_shift.h"
#include "compare/correlation.h"
#include "compare/cosine_distance.h"
#include "compare/distraction.h"
#include "compare/earth_mover.h"
#include "compare/jensen_shannon.h"
#include "compare/overlap_distance.h"
#include "compare/squared_error.h"
#include "compare/structural_similarity.h"

namespace faultline::compare {

namespace {

constexpr std::string_view kOurs = "faultline, docs/method.md";

constexpr std::array kOverlapParameters = {
    real_parameter("share", "0.2", 0.001, 1, "of the cells, rounded up, that are compared: the largest")};
constexpr std::array kSimilarityParameters = {
    integer_parameter("window", "11", 1, 999, "most cells a side of the window; odd"),
    real_parameter("sigma", "1.5", 0.01, 1000, "of its Gaussian, cells")};
constexpr std::array kEarthMoverParameters = {
    integer_parameter("cells", "8", 1, 16, "most cells a side that maps are averaged to")};

// One that has nothing to set.
template <Measured (*function)(const RankedMap&, const RankedMap&)>
Measured plain(const RankedMap& clean, const RankedMap& other, const DistanceOptions& /*with*/) {
  return function(clean, other);
}

Measured overlap(const RankedMap& clean, const RankedMap& other, const DistanceOptions& with) {
  return overlap_distance(clean, other, with.share);
}

Measured dissimilarity(const RankedMap& clean, const RankedMap& other, const DistanceOptions& with) {
  return structural_distance(clean, other, with.window);
}

Measured transport(const RankedMap& clean, const RankedMap& other, const DistanceOptions& with) {
  return earth_mover_distance(clean, other, with.cells);
}

}  // namespace

std::span<const MapDistance> map_distances() {
  static constexpr std::array kDistances = {
      MapDistance{"distraction",
                  "attention lost from the clean map's half-mass region; -1 to 1",
                  kOurs,
                  true,
                  {},
                  plain<distraction>},
      MapDistance{"cosine", "1 - cosine; 0 to 1", kOurs, true, {}, plain<cosine_distance>},
      MapDistance{"iou", "1 - intersection over union of the largest fifth of the cells; 0 to 1",
                  "Jaccard 1901; of which cells: faultline, docs/method.md", true, kOverlapParameters,
                  overlap},
      MapDistance{"centre-shift",
                  "how far the centre of mass moved, in diagonals; 0 to 1",
                  kOurs,
                  true,
                  {},
                  plain<centre_shift>},
      MapDistance{"mse",
                  "mean squared difference of the maps divided by their maxima; 0 to 1",
                  kOurs,
                  false,
                  {},
                  plain<mean_squared_error>},
      MapDistance{
          "pearson", "1 - Pearson's correlation; 0 to 2", "Pearson 1895", false, {}, plain<pearson_distance>},
      MapDistance{"spearman",
                  "1 - Spearman's rank correlation; 0 to 2",
                  "Spearman 1904",
                  false,
                  {},
                  plain<spearman_distance>},
      MapDistance{"ssim", "1 - structural similarity; 0 to 2", "Wang et al. 2004, IEEE TIP 13(4)", false,
                  kSimilarityParameters, dissimilarity},
      MapDistance{"jensen-shannon",
                  "Jensen-Shannon divergence in bits; 0 to 1",
                  "Lin 1991, IEEE TIT 37(1)",
                  false,
                  {},
                  plain<jensen_shannon_divergence>},
      MapDistance{"earth-mover", "mass times distance to move, in diagonals, on at most 8x8 cells; 0 to 1",
                  "Rubner et al. 2000, IJCV 40(2)", false, kEarthMoverParameters, transport},
  };
  return kDistances;
}

std::vector<MapDistance> default_map_distances() {
  std::vector<MapDistance> defaults;
  std::ranges::copy_if(map_distances(), std::back_inserter(defaults), &MapDistance::by_default);
  return defaults;
}

const MapDistance& map_distance(std::string_view name) {
  return named(map_distances(), name, "map distance");
}

Settings distance_settings(std::string_view name) {
  const MapDistance& distance = map_distance(name);
  return {"metric", distance.name, distance.parameters};
}

MapDistance configured_distance(const Settings& settings) {
  MapDistance distance = map_distance(settings.name());
  if (settings.has("share")) distance.options.share = settings.real("share");
  if (settings.has("window")) {
    distance.options.window = {.size = settings.integer("window"), .sigma = settings.real("sigma")};
    if (distance.options.window.size % 2 == 0) settings.refuse("window", "an odd number");
  }
  if (settings.has("cells")) distance.options.cells = settings.integer("cells");
  return distance;
}

}  // namespace faultline::compare
