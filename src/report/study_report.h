#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace faultline::report {

// The report of a study as one HTML page that opens from disk and loads nothing: what study_payload() gives,
// and the program that shows it.
std::string study_report(const nlohmann::ordered_json& payload);

}  // namespace faultline::report
