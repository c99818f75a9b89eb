#include "cli/analyze_run.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/progress.h"
#include "cli/result_folder.h"
#include "engine/engine.h"
#include "study/analysis_json.h"
#include "study/words.h"

namespace faultline::cli {

namespace {

study::Analysis analyze_one(study::Analyzer& analyzer, const AnalyzeJob& job,
                            const std::filesystem::path& file, const RunControl& control) {
  const study::InputImage image = study::load_input(file, job.model.manifest);
  if (job.perturbed)
    return analyzer.analyze_pair(image, study::load_perturbed(*job.perturbed, job.model.manifest), control);
  return analyzer.analyze(image, control);
}

// Counts pictures for progress and the summary.
struct Tally {
  int analysed = 0;
  int flipped = 0;
  std::optional<Error> first_failure;
  std::string lines;
};

void write_results(const AnalyzeJob& job, const std::string& json, report::AnalysisReport& report,
                   AnalyzeResult& result) {
  write_file(job.output / "analysis.json", json);
  result.index = report.finish();
  result.json = json;
}

}  // namespace

AnalyzeResult run(const AnalyzeJob& job, const Session& session) {
  job.model.require_logits("analyze");
  const auto engine = make_engine(session);
  study::Analyzer analyzer(job.model, *engine, job.options);
  prepare_result_folder(job.output, {"index.html", "analysis.json"});
  report::AnalysisReport report(job.output, analyzer, job.report);
  study::AnalysisDocument document(analyzer, job.model_file, *engine);
  ProgressLine progress("analysed", session.quiet);
  const RunControl control = progress.control();
  Tally tally;
  const auto total = static_cast<std::int64_t>(job.pictures.size());
  for (std::int64_t i = 0; i < total; ++i) {
    const std::filesystem::path& file = job.pictures[static_cast<std::size_t>(i)];
    control.report({i, total, file.filename().string()});
    control.checkpoint();
    try {
      const study::Analysis analysis = analyze_one(analyzer, job, file, control);
      const study::Verdict verdict = study::put_into_words(analysis, analyzer);
      report.add(analysis, verdict);
      document.add(analysis, verdict);
      ++tally.analysed;
      tally.flipped += verdict.flipped ? 1 : 0;
      tally.lines += fmt::format("{}: {}\n", file.filename().string(), verdict.headline);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::image || total == 1) throw;
      if (!tally.first_failure) tally.first_failure = error;
      log_warning(std::string("left out: ") + error.what());
      report.add_failure(file.string(), error.what());
      document.add_failure(file.string(), error.what());
    }
  }
  if (tally.analysed == 0 && tally.first_failure) throw Error(*tally.first_failure);
  control.report({total, total, ""});
  AnalyzeResult result;
  write_results(job, document.text(), report, result);
  result.totals = fmt::format("{} of {} answers changed under {}", tally.flipped, tally.analysed,
                              job.perturbed ? "the given perturbation" : study::describe_attack(job.options));
  result.summary = tally.lines + result.totals;
  result.first = report.sections().front();
  return result;
}

}  // namespace faultline::cli
