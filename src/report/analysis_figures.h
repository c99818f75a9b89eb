#pragma once

#include "image/canvas.h"
#include "study/analysis.h"

namespace faultline::report {

// Heatmaps over pictures: a row for the clean image, the perturbed one and the first draw of each control; a
// column for the input, its noise magnified, and every layer. `method` is an index into the analyzer's
// heatmap methods.
Canvas heatmap_grid(const study::Analysis& analysis, const study::Analyzer& analyzer, std::size_t method);

// Curves by point: log excess, step with the harmless range, distraction (layers only), alignment,
// contribution to the margin. Controls are shown by the mean of their draws.
Canvas response_curves(const study::Analysis& analysis, const study::Analyzer& analyzer);

}  // namespace faultline::report
