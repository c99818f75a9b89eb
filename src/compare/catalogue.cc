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

std::span<const MapDistance> map_distances() {
  static constexpr std::array kDistances = {
      MapDistance{"distraction", "attention lost from the clean map's half-mass region; -1 to 1", true,
                  distraction},
      MapDistance{"cosine", "1 - cosine; 0 to 1", true, cosine_distance},
      MapDistance{"iou", "1 - intersection over union of the largest fifth of the cells; 0 to 1", true,
                  overlap_distance},
      MapDistance{"centre-shift", "how far the centre of mass moved, in diagonals; 0 to 1", true,
                  centre_shift},
      MapDistance{"mse", "mean squared difference of the maps divided by their maxima; 0 to 1", false,
                  mean_squared_error},
      MapDistance{"pearson", "1 - Pearson's correlation; 0 to 2", false, pearson_distance},
      MapDistance{"spearman", "1 - Spearman's rank correlation; 0 to 2", false, spearman_distance},
      MapDistance{"ssim", "1 - structural similarity; 0 to 2", false, structural_distance},
      MapDistance{"jensen-shannon", "Jensen-Shannon divergence in bits; 0 to 1", false,
                  jensen_shannon_divergence},
      MapDistance{"earth-mover", "mass times distance to move, in diagonals, on at most 8x8 cells; 0 to 1",
                  false, earth_mover_distance},
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

}  // namespace faultline::compare
