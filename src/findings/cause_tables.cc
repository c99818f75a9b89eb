#include "findings/cause_tables.h"

#include <algorithm>
#include <map>
#include <utility>

#include "findings/rules.h"
#include "findings/selection.h"
#include "findings/shares.h"
#include "findings/simultaneous_means.h"

namespace faultline::findings {
namespace {

std::string set_name(const StoredRun& run, std::uint64_t set) {
  std::string name;
  for (std::size_t block = 0; block < std::min<std::size_t>(run.blocks.size(), 64); ++block) {
    if ((set >> block & 1U) == 0) continue;
    name += (name.empty() ? "" : " + ") + run.blocks[block].name;
  }
  return name.empty() ? "no blocks" : name;
}

std::vector<SetCount> counts_of(const StoredRun& run, const std::vector<const ImageEvidence*>& images,
                                const std::string& question) {
  std::map<std::pair<std::string, Measured>, std::size_t> counts;
  std::size_t all = 0;
  for (const ImageEvidence* image : images) {
    const auto found = image->sets.find(question);
    if (found == image->sets.end()) continue;
    ++all;
    const SmallestSets& sets = found->second;
    ++counts[{sets.sets.empty() ? "none" : set_name(run, sets.sets.front()), sets.size}];
  }
  std::vector<SetCount> table;
  for (const auto& [set, count] : counts) {
    table.push_back(
        {.question = question, .set = set.first, .size = set.second, .images = share("images", count, all)});
  }
  std::stable_sort(table.begin(), table.end(), [](const SetCount& a, const SetCount& b) {
    return a.images.estimate->value > b.images.estimate->value;
  });
  return table;
}

}  // namespace

std::vector<ShapleyMeans> shapley_means(const StoredRun& run, const ConditionEvidence& evidence) {
  std::vector<std::string> names = {"input"};
  for (const store::BlockRow& block : run.blocks) names.push_back(block.name);
  std::vector<ShapleyMeans> tables;
  for (const std::string& kind : kinds_in(evidence)) {
    std::vector<std::vector<Measured>> units;
    for (const ImageEvidence* image : select(evidence, Selection::stored)) {
      const KindResponse* response = kind_of(*image, kind);
      if (response && response->shares.size() == names.size()) units.push_back(response->shares);
    }
    if (!units.empty())
      tables.push_back({.kind = kind, .shares = simultaneous_means(names, units, kTableResamples)});
  }
  return tables;
}

std::vector<SetCount> set_counts(const StoredRun& run, const ConditionEvidence& evidence) {
  const auto images = select(evidence, Selection::stored);
  std::vector<SetCount> table;
  for (const char* question : {"gates-only", "given-linear-path", "restoring"}) {
    const auto more = counts_of(run, images, question);
    table.insert(table.end(), more.begin(), more.end());
  }
  return table;
}

std::vector<InterventionMedian> intervention_medians(const ConditionEvidence& evidence) {
  std::vector<InterventionMedian> table;
  for (const auto& [key, found] : evidence.interventions) {
    std::vector<Censored> shares;
    for (const double of : found.square_shares) shares.push_back({.value = of, .limit = 1});
    table.push_back(
        {.key = key, .median = censored_median(found.values), .square_share = censored_median(shares)});
  }
  return table;
}

std::vector<SubstitutionShare> substitution_shares(const ConditionEvidence& evidence) {
  std::vector<SubstitutionShare> table;
  for (const auto& [key, found] : evidence.substitutions)
    table.push_back({.key = key, .decides = share("decides", found.decides, found.images)});
  return table;
}

}  // namespace faultline::findings
