#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "findings/compare_runs.h"
#include "findings/grid.h"

namespace faultline::findings {

// A comparison of two runs, as write_summary.h has it.
std::vector<Grid> grids(const RunComparison& comparison);
nlohmann::ordered_json to_json(const RunComparison& comparison);
std::string to_markdown(const RunComparison& comparison);
std::string to_text(const RunComparison& comparison);

}  // namespace faultline::findings
