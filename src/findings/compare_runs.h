#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "findings/evidence.h"
#include "findings/load_condition.h"
#include "findings/paired_difference.h"
#include "findings/stored_run.h"
#include "stats/kendall_tau.h"

namespace faultline::findings {

// Two runs (of two models, or with two attacks) pair by pair over the images that both have, by ImageRow.id.

struct SuccessComparison {
  std::size_t both = 0;
  std::size_t only_first = 0;
  std::size_t only_second = 0;
  std::size_t neither = 0;
  double p = 1;  // McNemar's test
};

// eps* of the first over eps* of the second. Where one of both is censored the ratio is beyond all others to
// that side; where both are, it is 1.
struct CriticalComparison {
  std::size_t n = 0;
  std::size_t censored_first = 0;  // eps* was found by the second only
  std::size_t censored_second = 0;
  std::size_t censored_both = 0;
  Measured ratio = {};  // median; missing if it is one of the censored ones
  Measured lower = {};  // ends of a bootstrap interval; likewise
  Measured upper = {};
  double p = 1;  // signed-rank test of the logarithm
  Measured rank_biserial = {};
};

struct RankingComparison {
  std::size_t layers = 0;                     // that both networks have, by name
  std::size_t n = 0;                          // images
  std::optional<stats::KendallTau> tau = {};  // of the layers' mean steps
};

struct ConditionComparison {
  std::string first = {};  // names of the conditions
  std::string second = {};
  std::size_t images = 0;  // that both have
  SuccessComparison success = {};
  std::optional<CriticalComparison> critical = {};  // where both looked for eps*
  std::vector<PairedDifference> steps = {};   // of points that both networks have, by name; flips of both
  std::vector<PairedDifference> shares = {};  // Shapley shares: the input, blocks that both have
  RankingComparison ranking = {};
};

ConditionComparison compare_conditions(const StoredRun& first_run, const ConditionEvidence& first,
                                       const StoredRun& second_run, const ConditionEvidence& second);

// Conditions of the models that answer to each other: same attack, regime and eps; if the runs have no attack
// in common, same regime and eps of each run's first attack.
std::vector<std::pair<std::int64_t, std::int64_t>> pair_conditions(const StoredRun& first,
                                                                   const StoredRun& second);

struct RunComparison {
  std::string first_model = {};  // files
  std::string second_model = {};
  bool same_model = false;  // by the model's hash
  std::size_t first_images = 0;
  std::size_t second_images = 0;
  std::size_t common_images = 0;
  std::vector<ConditionComparison> conditions = {};
};

// Never holds more than two conditions' evidence.
RunComparison compare_runs(const StoredRun& first, const LoadCondition& load_first, const StoredRun& second,
                           const LoadCondition& load_second);

}  // namespace faultline::findings
