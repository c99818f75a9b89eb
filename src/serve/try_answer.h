#pragma once

#include <nlohmann/json.hpp>

#include "study/analysis.h"

namespace faultline::serve {

// What an analysis of one picture says, as the page /try shows it (docs/serve.md): words, the likeliest
// classes, pictures and heatmaps of the clean, adversarial and first Gaussian input, and how each point
// responds to the adversarial input and, on the mean of their draws, to the controls.
nlohmann::ordered_json try_answer(const study::Analysis& analysis, const study::Analyzer& analyzer);

}  // namespace faultline::serve
