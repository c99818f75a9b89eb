#include "findings/specific_blocks.h"

#include <fmt/format.h>

#include <algorithm>

#include "findings/halves.h"
#include "findings/rules.h"
#include "findings/simultaneous_means.h"
#include "stats/friedman.h"

namespace faultline::findings {
namespace {

struct ShareRow {
  std::string id;
  std::vector<Measured> shares;  // [blocks], all there
};

std::vector<ShareRow> share_rows(const StoredRun& run, const ConditionEvidence& evidence,
                                 std::string_view kind, const SpecificBlocksOptions& options) {
  std::vector<ShareRow> rows;
  for (const ImageEvidence* image : select(evidence, options.selection)) {
    const KindResponse* of = kind_of(*image, kind);
    if (!of || of->shares.size() != run.blocks.size() + 1) continue;
    ShareRow row{.id = image->id, .shares = {of->shares.begin() + 1, of->shares.end()}};
    if (!std::all_of(row.shares.begin(), row.shares.end(), [](const Measured& x) { return x.has_value(); }))
      continue;
    for (std::size_t block = 0; options.per_layer && block < row.shares.size(); ++block) {
      const std::size_t layers = std::max<std::size_t>(1, layers_in(run, static_cast<std::int64_t>(block)));
      row.shares[block] = *row.shares[block] / static_cast<double>(layers);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<double> mean_shares(const std::vector<ShareRow>& rows) {
  if (rows.empty()) return {};
  std::vector<double> means(rows.front().shares.size(), 0.0);
  for (const ShareRow& row : rows) {
    for (std::size_t block = 0; block < means.size(); ++block)
      means[block] += *row.shares[block] / static_cast<double>(rows.size());
  }
  return means;
}

std::optional<std::size_t> largest(const std::vector<double>& means) {
  if (means.empty()) return {};
  return static_cast<std::size_t>(std::max_element(means.begin(), means.end()) - means.begin());
}

std::optional<std::size_t> top_of_half(const std::vector<ShareRow>& rows, int half) {
  std::vector<ShareRow> of_half;
  for (const ShareRow& row : rows) {
    if (half_of(row.id) == half) of_half.push_back(row);
  }
  return largest(mean_shares(of_half));
}

std::optional<std::size_t> top_of_twins(const StoredRun& run, const std::vector<ConditionEvidence>& twins,
                                        const SpecificBlocksOptions& options) {
  std::vector<double> sums;
  for (const ConditionEvidence& twin : twins) {
    const std::vector<double> means = mean_shares(share_rows(run, twin, kAdversarial, options));
    if (means.empty()) continue;
    sums.resize(means.size(), 0.0);
    for (std::size_t block = 0; block < means.size(); ++block) sums[block] += means[block];
  }
  return largest(sums);
}

Measure concordance_of(const std::vector<ShareRow>& rows, std::size_t blocks) {
  Measure w{.name = "Kendall's W of the blocks' Shapley shares", .estimate = {}, .n = rows.size()};
  if (blocks == 0) return w;
  std::vector<double> values;
  for (const ShareRow& row : rows) {
    for (const Measured& share : row.shares) values.push_back(*share);
  }
  w.estimate =
      stats::kendall_w(stats::Table(values, blocks), {.resamples = kResamples, .confidence = kConfidence});
  return w;
}

Verdict concordance_verdict(const Measure& w) {
  const auto interval = interval_of(w);
  if (!interval || !lacking(w).empty()) return Verdict::not_said;
  if (interval->lower >= kLeastConcordance) return Verdict::supported;
  return interval->upper < kLeastConcordance ? Verdict::not_supported : Verdict::undecided;
}

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, "; "));
}

// What of the rule's conditions on the top block the run cannot answer.
std::vector<std::string> unknown_tops(const SpecificBlocks& found, const std::vector<OtherAttack>& others) {
  std::vector<std::string> unknown;
  if (!found.top) unknown.push_back("no gates games in the run");
  if (found.top && (!found.half_tops[0] || !found.half_tops[1]))
    unknown.push_back("all images are in one half");
  const bool second = std::any_of(others.begin(), others.end(), [](const OtherAttack& of) { return of.top; });
  if (!second) unknown.push_back("fewer than two attacks with gates games");
  if (!found.boost_top) unknown.push_back("no gates games of boost");
  if (!found.twin_top) unknown.push_back("no twins with gates games");
  return unknown;
}

std::vector<std::string> broken_conditions(const StoredRun& run, const SpecificBlocks& found,
                                           const std::vector<OtherAttack>& others) {
  std::vector<std::string> broken;
  const auto name = [&](std::optional<std::size_t> block) { return run.blocks[*block].name; };
  for (const auto& half : found.half_tops) {
    if (half != found.top) broken.push_back(fmt::format("in one half of the images it is {}", name(half)));
  }
  for (const OtherAttack& other : others) {
    if (other.top && other.top != found.top)
      broken.push_back(fmt::format("under {} it is {}", other.attack, name(other.top)));
  }
  if (found.boost_top == found.top) broken.push_back("it is boost's too");
  if (found.twin_top == found.top) broken.push_back("it is the twins' too");
  return broken;
}

}  // namespace

SpecificBlocks specific_blocks(const StoredRun& run, const ConditionEvidence& evidence,
                               const std::vector<ConditionEvidence>& twins,
                               const SpecificBlocksOptions& options) {
  const std::vector<ShareRow> rows = share_rows(run, evidence, kAdversarial, options);
  SpecificBlocks found;
  found.concordance = concordance_of(rows, run.blocks.size());
  std::vector<std::string> names;
  for (const store::BlockRow& block : run.blocks) {
    names.push_back(fmt::format("Shapley share of {}{}", block.name, options.per_layer ? " per layer" : ""));
  }
  std::vector<std::vector<Measured>> units;
  for (const ShareRow& row : rows) units.push_back(row.shares);
  found.shares = simultaneous_means(names, units, kResamples);
  found.top = largest(mean_shares(rows));
  for (const int half : {0, 1}) found.half_tops[half] = top_of_half(rows, half);
  found.boost_top = largest(mean_shares(share_rows(run, evidence, "boost", options)));
  found.twin_top = top_of_twins(run, twins, options);
  return found;
}

Answer judge_specific_blocks(const StoredRun& run, const SpecificBlocks& found,
                             const std::vector<OtherAttack>& others) {
  Answer answer{
      .verdict = concordance_verdict(found.concordance), .reason = {}, .measures = {found.concordance}};
  answer.measures.insert(answer.measures.end(), found.shares.begin(), found.shares.end());
  if (answer.verdict == Verdict::not_supported) return answer;
  std::vector<std::string> unknown = unknown_tops(found, others);
  if (answer.verdict == Verdict::not_said && found.top)
    unknown.insert(unknown.begin(), lacking(found.concordance));
  if (!unknown.empty()) return not_said(joined(unknown), answer.measures);
  const std::vector<std::string> broken = broken_conditions(run, found, others);
  if (!broken.empty()) {
    answer.verdict = Verdict::undecided;
    answer.reason = fmt::format("of the top block {}: {}", run.blocks[*found.top].name, joined(broken));
  }
  return answer;
}

}  // namespace faultline::findings
