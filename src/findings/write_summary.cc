#include "findings/write_summary.h"

#include <fmt/format.h>

#include "base/one_line.h"
#include "findings/eps_words.h"
#include "findings/grid.h"
#include "findings/numbers.h"
#include "findings/rules.h"
#include "findings/summary_grids.h"
#include "findings/text_table.h"
#include "findings/wrapped.h"

namespace faultline::findings {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Measure& measure) {
  const auto interval = interval_of(measure);
  Json json = {
      {"name", measure.name}, {"value", nullptr}, {"lower", nullptr}, {"upper", nullptr}, {"n", measure.n}};
  if (measure.estimate) json["value"] = measure.estimate->value;
  if (interval) {
    json["lower"] = interval->lower;
    json["upper"] = interval->upper;
  }
  return json;
}

Json json_of(const Answer& answer) {
  Json json = {{"verdict", name_of(answer.verdict)}, {"reason", answer.reason}, {"measures", Json::array()}};
  for (const Measure& measure : answer.measures) json["measures"].push_back(json_of(measure));
  return json;
}

Json json_of(const Finding& finding) {
  Json json = {{"id", finding.id}, {"claim", finding.claim}, {"condition", finding.condition}};
  json.update(json_of(finding.answer));
  json["words"] = finding.words;
  json["caveats"] = finding.caveats;
  json["variants_that_speak"] = finding.speaking;
  json["variants_that_agree"] = finding.agreeing;
  json["variants"] = Json::array();
  for (const Variant& variant : finding.variants) {
    Json each = {{"asked", variant.what}};
    each.update(json_of(variant.answer));
    json["variants"].push_back(std::move(each));
  }
  return json;
}

std::string how_far(const ListCounts& images) {
  if (images.listed == images.planned)
    return "The run is not finished: not all of its twins' images are done.";
  return fmt::format("The run is not finished: this is what it says after {} of {} images.", images.listed,
                     images.planned);
}

std::string scope(const Summary& summary) {
  const ListCounts& images = summary.images;
  std::string text = fmt::format("{}: {} images studied of {} listed", summary.run.model_file, images.studied,
                                 images.listed);
  if (images.misclassified > 0)
    text += fmt::format(", {} left out that the model gets wrong", images.misclassified);
  if (images.unreadable > 0) text += fmt::format(", {} unreadable", images.unreadable);
  text += fmt::format("; {} twins.", summary.twins);
  if (summary.accuracy.n > 0)
    text += fmt::format(" Accuracy on clean images {}.", percent_in_words(summary.accuracy));
  if (!summary.run.finished) text += " " + how_far(images);
  return text + " What follows speaks of this model and these images only.";
}

std::string outcome_table(const Summary& summary) {
  std::vector<std::vector<std::string>> rows = {
      {"attack", "answer changed", "still so in 8 bits", "median eps*"}};
  for (const ConditionSummary& of : summary.conditions) {
    const AttackOutcome& outcome = of.outcome;
    rows.push_back({of.condition.name,
                    fmt::format("{} of {}: {}", outcome.counts.flipped, outcome.counts.images,
                                in_percent(outcome.success)),
                    in_percent(outcome.stored_success), eps_words(of.condition, outcome.critical_eps)});
  }
  return text_table(rows, 4);
}

// At the primary condition; all others are tables for programs.
std::string detection_text(const Summary& summary) {
  if (summary.conditions.empty()) return "";
  const ConditionSummary& of = summary.conditions[summary.primary];
  if (of.detectors.empty()) return "";
  std::string text = "\nDetection without a clean image, " + one_line(of.condition.name) + "\n";
  text += wrapped(std::string(kDetectionNote) +
                      " Place and threshold (5 % false positives) are chosen on one half of the images and "
                      "tested on the other; either half chooses once.",
                  4);
  std::vector<std::vector<std::string>> rows = {
      {"quantity", "against", "at", "area under ROC", "flags adversarial", "flags others"}};
  for (const Detector& each : of.detectors) {
    if (each.area.n < kFewestForVerdict) continue;
    rows.push_back({each.quantity, std::string(name_of(each.negatives)), summary.points[each.point].name,
                    in_short(each.area), in_percent(each.true_positives), in_percent(each.false_positives)});
  }
  if (rows.size() == 1)
    return text + wrapped(fmt::format("Not said: it takes {} in either half.", images(kFewestForVerdict)), 4);
  return text + text_table(rows, 4);
}

std::size_t failed_identities(const Summary& summary) {
  std::size_t failures = 0;
  for (const ConditionSummary& of : summary.conditions) {
    for (const auto& [identity, worst] : of.identities) failures += worst.failures;
  }
  return failures;
}

}  // namespace

Json to_json(const Summary& summary) {
  Json json = {{"version", 1}};
  json["run"] = {{"model_file", summary.run.model_file},
                 {"model_sha256", summary.run.model_sha256},
                 {"program_version", summary.run.program_version},
                 {"created", summary.run.created},
                 {"finished", summary.run.finished},
                 {"twins", summary.twins}};
  json["images"] = {
      {"planned", summary.images.planned},       {"listed", summary.images.listed},
      {"studied", summary.images.studied},       {"misclassified", summary.images.misclassified},
      {"unreadable", summary.images.unreadable}, {"accuracy", json_of(summary.accuracy)}};
  json["findings"] = Json::array();
  for (const Finding& finding : summary.findings) json["findings"].push_back(json_of(finding));
  json["detection_note"] = kDetectionNote;
  json["tables"] = Json::object();
  for (const Grid& grid : grids(summary)) json["tables"][grid.name] = to_json(grid);
  return json;
}

std::string to_markdown(const Summary& summary) {
  std::string text = "# Findings\n\n" + one_line(scope(summary)) + "\n";
  for (const Finding& finding : summary.findings) {
    text += fmt::format("\n## {}: {}\n\n{}\n\n{}\n", finding.id, name_of(finding.answer.verdict),
                        one_line(finding.claim), one_line(finding.words));
    for (const std::string& caveat : finding.caveats) text += "\n* " + one_line(caveat);
    if (!finding.caveats.empty()) text += "\n";
  }
  text += "\n# Tables\n";
  for (const Grid& grid : grids(summary)) {
    if (!grid.detail && !grid.rows.empty())
      text += fmt::format("\n## {}\n\n{}", grid.name, to_markdown(grid));
  }
  return text;
}

std::string to_text(const Summary& summary) {
  std::string text = wrapped(scope(summary)) + "\n";
  for (const Finding& finding : summary.findings) {
    text += wrapped(fmt::format("{} {}", finding.id, finding.claim));
    text += wrapped(finding.words, 4);
    for (const std::string& caveat : finding.caveats) text += wrapped("- " + caveat, 4);
    text += "\n";
  }
  if (summary.findings.empty()) text += "There is nothing to be said yet: no image was attacked.\n\n";
  text += fmt::format("What the attacks did (of {}, with 95 % intervals)\n", images(summary.images.studied));
  text += outcome_table(summary);
  text += detection_text(summary);
  if (const std::size_t failures = failed_identities(summary); failures > 0)
    text += "\n" +
            wrapped(fmt::format("{} checks of quantities that must be equal failed: these numbers are not to "
                                "be trusted (table identities).",
                                failures));
  return text;
}

}  // namespace faultline::findings
