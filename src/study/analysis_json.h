#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "study/analysis.h"
#include "study/words.h"

namespace faultline::study {

// The document analysis.json (docs/json.md), built image by image: the pixels and raw maps of an analysis are
// not kept.
class AnalysisDocument {
 public:
  // The analyzer must outlive the document.
  AnalysisDocument(const Analyzer& analyzer, const std::filesystem::path& model_file,
                   const engine::Engine& engine);
  ~AnalysisDocument();
  AnalysisDocument(const AnalysisDocument&) = delete;
  AnalysisDocument& operator=(const AnalysisDocument&) = delete;

  void add(const Analysis& analysis, const Verdict& verdict);
  // A picture that could not be analysed, and why.
  void add_failure(const std::string& file, const std::string& reason);
  std::string text() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace faultline::study
