#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/model_options.h"
#include "cli/session.h"
#include "report/analysis_report.h"
#include "study/analysis.h"

namespace faultline::cli {

// One network over some pictures, written to a folder; what analyze does once and demo twice.
struct AnalyzeJob {
  std::filesystem::path model_file;
  formats::Model model;
  study::AnalysisOptions options;
  std::vector<std::filesystem::path> pictures;
  std::optional<std::filesystem::path> perturbed;  // with one picture: made elsewhere
  std::filesystem::path output;
  report::ReportOptions report;
};

struct AnalyzeResult {
  std::filesystem::path index;
  std::filesystem::path json;
  std::string summary;        // a line for each picture, then totals
  std::string totals;         // one line
  report::PageSection first;  // of the first picture, as on the report's page
};

// Pictures are read and their figures written on threads of their own, while others are analysed; what is
// written does not depend on that.
// A picture that cannot be analysed is reported, recorded and left out; if none could be, the first one's
// error is thrown. What was finished before a stop or an error of the disk stays; index.html and
// analysis.json are written at the end only.
AnalyzeResult run(const AnalyzeJob& job, const Session& session);

}  // namespace faultline::cli
