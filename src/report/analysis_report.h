#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/page.h"
#include "study/analysis.h"
#include "study/output_names.h"
#include "study/words.h"

namespace faultline::report {

struct ReportOptions {
  bool svg = false;  // heatmap grids as SVG too (large: every overlay is in it)
};

// The folder that `analyze` writes: figures as they come, index.html at the end.
//   OUT/index.html, OUT/figures/<id>-{input,maps,curves}.png, <id>-curves.svg; <id> is the picture's name.
class AnalysisReport {
 public:
  // Makes the folder. The analyzer must outlive the report. Throws Error{io}.
  AnalysisReport(std::filesystem::path folder, const study::Analyzer& analyzer, ReportOptions options);

  void add(const study::Analysis& analysis, const study::Verdict& verdict);
  // What the page says so far, a section for each picture.
  const std::vector<PageSection>& sections() const { return page_.sections; }
  void add_failure(const std::string& file, const std::string& reason);
  // Writes index.html and returns its path.
  std::filesystem::path finish();

 private:
  std::filesystem::path folder_;
  const study::Analyzer& analyzer_;
  ReportOptions options_;
  study::OutputNames names_;
  Page page_;
  int flipped_ = 0;
  int unchanged_ = 0;
  std::vector<std::string> failures_;
};

}  // namespace faultline::report
