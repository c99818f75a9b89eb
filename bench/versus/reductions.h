#pragma once

#include <string>

#include "versus/subject.h"

namespace faultline::bench {

// What measuring costs on top of the passes that it needs, of 10 rows: Grad-CAM of every layer and the
// deviations at every point; and all comparisons with four heatmaps a layer. As markdown.
std::string measure_reductions(const Subject& subject);

}  // namespace faultline::bench
