#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "study/analysis.h"
#include "study/words.h"

namespace faultline::study {

// The document analysis.json (docs/json.md), written image by image: nothing of an image is kept, so that
// there may be thousands.
class AnalysisDocument {
 public:
  // The file is there once finish() has been called, and nothing of it before or without that. The analyzer
  // must outlive the document. Each throws Error{io}.
  AnalysisDocument(std::filesystem::path file, const Analyzer& analyzer,
                   const std::filesystem::path& model_file, const engine::Engine& engine);
  ~AnalysisDocument();
  AnalysisDocument(const AnalysisDocument&) = delete;
  AnalysisDocument& operator=(const AnalysisDocument&) = delete;

  void add(const Analysis& analysis, const Verdict& verdict);
  // A picture that could not be analysed, and why.
  void add_failure(const std::string& file, const std::string& reason);
  void finish();  // the last call

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace faultline::study
