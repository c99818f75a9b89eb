#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "findings/summary.h"

namespace faultline::findings {

// A summary for programs: the run, its images, the findings with all their variants, every table.
nlohmann::ordered_json to_json(const Summary& summary);

// For people: the findings and the tables that are short enough to be read.
std::string to_markdown(const Summary& summary);

// For a terminal: verdicts in plain words first, then what the attacks did. Lines of at most 100 columns.
std::string to_text(const Summary& summary);

}  // namespace faultline::findings
