#pragma once

#include "compare/measured.h"
#include "compare/ranked_map.h"

namespace faultline::compare {

struct SimilarityWindow {
  int size = 11;       // the most cells a side; odd
  double sigma = 1.5;  // of its Gaussian, cells
};

// 1 - mean SSIM of the two maps, each divided by its maximum (Wang et al., "Image quality assessment: from
// error visibility to structural similarity", IEEE TIP 2004, eq. 13), in [0,2]:
//   SSIM = (2 m m' + C1) (2 s_HH' + C2) / ((m^2 + m'^2 + C1) (s_H^2 + s_H'^2 + C2)),
//   C1 = 0.01^2, C2 = 0.03^2 (range 1), with means and (population) covariances under a Gaussian window
//   of min(size, largest odd number <= h and w) cells a side, weights summing to 1; the mean is over
//   the windows that lie within the map.
// Missing if either map is blank. Throws ContractError if the sizes differ.
Measured structural_distance(const RankedMap& clean, const RankedMap& other,
                             const SimilarityWindow& asked = {});

}  // namespace faultline::compare
