#include "cli/analyze_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/error.h"
#include "base/log.h"
#include "base/read_ahead.h"
#include "base/write_behind.h"
#include "cli/progress.h"
#include "cli/result_folder.h"
#include "engine/engine.h"
#include "study/analysis_json.h"
#include "study/partners.h"
#include "study/words.h"

namespace faultline::cli {

namespace {

// One more is in the making, and one being written: enough to overlap, and little memory.
constexpr std::size_t kAhead = 1;
constexpr std::size_t kBehind = 1;

// What is read ahead of the analysis.
struct Input {
  study::InputImage image;
  std::optional<Tensor> perturbed;  // made elsewhere
  std::vector<study::InputImage> partners = {};
};

// [picture][draw of transfer]
using Partners = std::vector<std::vector<std::size_t>>;

Input load(const AnalyzeJob& job, const Partners& partners, std::int64_t i) {
  Input input{study::load_input(job.pictures[static_cast<std::size_t>(i)], job.model.manifest), {}};
  for (const std::size_t partner : partners[static_cast<std::size_t>(i)])
    input.partners.push_back(study::load_input(job.pictures[partner], job.model.manifest));
  if (job.perturbed) input.perturbed = study::load_perturbed(*job.perturbed, job.model.manifest);
  return input;
}

study::Analysis analyze_one(study::Analyzer& analyzer, const Input& input, const RunControl& control) {
  return input.perturbed ? analyzer.analyze_pair(input.image, *input.perturbed, control)
                         : analyzer.analyze(input.image, control, input.partners);
}

// Whose perturbations are put on each picture: that takes what the network sees in all of them.
Partners find_partners(const AnalyzeJob& job, const study::Analyzer& analyzer, const Session& session) {
  const int draws = job.perturbed ? 0 : analyzer.draws_of(control::Needs::transfer);
  if (draws == 0) return Partners(job.pictures.size());
  std::vector<std::string> hashes(job.pictures.size());
  std::vector<int> classes(job.pictures.size(), -1);
  ProgressLine progress("classified", session.quiet);
  const RunControl control = progress.control();
  for (std::size_t i = 0; i < job.pictures.size(); ++i) {
    control.report(
        {static_cast<std::int64_t>(i), std::ssize(job.pictures), job.pictures[i].filename().string()});
    control.checkpoint();
    try {
      const study::InputImage image = study::load_input(job.pictures[i], job.model.manifest);
      hashes[i] = image.sha256;
      classes[i] = analyzer.predict(image);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::image) throw;  // the analysis reports it
    }
  }
  Partners partners = study::choose_partners(hashes, classes, draws);
  const auto lonely = std::ranges::count_if(partners, [&](const auto& of) { return std::ssize(of) < draws; });
  if (lonely > 0) {
    log_warning(fmt::format("transfer: {} of {} pictures have fewer than {} others with another answer",
                            lonely, partners.size(), draws));
  }
  return partners;
}

// What is recorded behind it, in the pictures' order.
struct Analysed {
  study::Analysis analysis;
  study::Verdict verdict;
};
struct Failed {
  std::string file;
  std::string reason;
};
using Finding = std::variant<Analysed, Failed>;

void record(const Finding& finding, report::AnalysisReport& report, study::AnalysisDocument& document) {
  if (const auto* failed = std::get_if<Failed>(&finding)) {
    report.add_failure(failed->file, failed->reason);
    document.add_failure(failed->file, failed->reason);
    return;
  }
  const auto& [analysis, verdict] = std::get<Analysed>(finding);
  report.add(analysis, verdict);
  document.add(analysis, verdict);
}

// Counts pictures for progress and the summary.
struct Tally {
  int analysed = 0;
  int flipped = 0;
  std::optional<Error> first_failure;
  std::string lines;
};

}  // namespace

AnalyzeResult run(const AnalyzeJob& job, const Session& session) {
  job.model.require_logits("analyze");
  const auto engine = make_engine(session);
  study::Analyzer analyzer(job.model, *engine, job.options);
  prepare_result_folder(job.output, {"index.html", "analysis.json"});
  const Partners partners = find_partners(job, analyzer, session);
  report::AnalysisReport report(job.output, analyzer, job.report);
  const std::filesystem::path json = job.output / "analysis.json";
  study::AnalysisDocument document(json, analyzer, job.model_file, *engine);
  ProgressLine progress("analysed", session.quiet);
  const RunControl control = progress.control();
  Tally tally;
  const auto total = static_cast<std::int64_t>(job.pictures.size());
  // Decoding and drawing take one thread each, and would leave the others idle.
  ReadAhead<Input> inputs(total, kAhead, [&](std::int64_t i) { return load(job, partners, i); });
  WriteBehind<Finding> findings(kBehind, [&](const Finding& finding) { record(finding, report, document); });
  for (std::int64_t i = 0; i < total; ++i) {
    const std::filesystem::path& file = job.pictures[static_cast<std::size_t>(i)];
    control.report({i, total, file.filename().string()});
    control.checkpoint();
    findings.check();
    try {
      // Progress is counted in images; an attack's own steps would drown it.
      study::Analysis analysis = analyze_one(analyzer, inputs.next(), control.without_progress());
      job.model.check_unchanged();
      study::Verdict verdict = study::put_into_words(analysis, analyzer);
      ++tally.analysed;
      tally.flipped += verdict.flipped ? 1 : 0;
      tally.lines += fmt::format("{}: {}\n", file.filename().string(), verdict.headline);
      findings.add(Analysed{std::move(analysis), std::move(verdict)});
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::image || total == 1) throw;
      if (!tally.first_failure) tally.first_failure = error;
      log_warning(std::string("left out: ") + error.what());
      findings.add(Failed{file.string(), error.what()});
    }
  }
  findings.finish();
  if (tally.analysed == 0 && tally.first_failure) throw Error(*tally.first_failure);
  control.report({total, total, ""});
  AnalyzeResult result;
  document.finish();
  result.index = report.finish();
  result.json = json;
  result.totals =
      fmt::format("{} of {} answers changed under {}", tally.flipped, tally.analysed,
                  job.perturbed ? "the given perturbation" : study::describe_attack(job.options.attack));
  result.summary = tally.lines + result.totals;
  result.first = report.sections().front();
  return result;
}

}  // namespace faultline::cli
