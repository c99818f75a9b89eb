#include "stats/auc.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "stats/bootstrap.h"

namespace faultline::stats {
namespace {

// Each case with the place of its unit among the units, ascending by score.
struct RankedCases {
  std::vector<ScoredCase> cases;
  std::size_t units = 0;

  explicit RankedCases(std::span<const ScoredCase> given) : cases(given.begin(), given.end()) {
    std::vector<std::size_t> ids;
    for (const ScoredCase& of : cases) ids.push_back(of.unit);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    units = ids.size();
    for (ScoredCase& of : cases) {
      of.unit = static_cast<std::size_t>(std::lower_bound(ids.begin(), ids.end(), of.unit) - ids.begin());
    }
    std::sort(cases.begin(), cases.end(),
              [](const ScoredCase& a, const ScoredCase& b) { return a.score < b.score; });
  }
};

// The area with each unit's cases counted so many times. Counts are whole numbers: their sums are exact in
// any order.
std::optional<double> area(const RankedCases& ranked, std::span<const double> times) {
  double positives = 0;
  double negatives = 0;
  double won = 0;
  for (std::size_t i = 0; i < ranked.cases.size();) {
    const double score = ranked.cases[i].score;
    double tied_positives = 0;
    double tied_negatives = 0;
    for (; i < ranked.cases.size() && ranked.cases[i].score == score; ++i) {
      (ranked.cases[i].positive ? tied_positives : tied_negatives) += times[ranked.cases[i].unit];
    }
    won += tied_positives * (negatives + tied_negatives / 2);
    positives += tied_positives;
    negatives += tied_negatives;
  }
  if (positives == 0 || negatives == 0) return {};
  return won / (positives * negatives);
}

}  // namespace

std::optional<Estimate> area_under_curve(std::span<const ScoredCase> cases, const BootstrapOptions& options) {
  require_valid(options);
  require(
      std::all_of(cases.begin(), cases.end(), [](const ScoredCase& of) { return std::isfinite(of.score); }),
      "area_under_curve: a score is not finite");
  const RankedCases ranked(cases);
  const std::optional<double> whole = area(ranked, std::vector<double>(ranked.units, 1.0));
  if (!whole) return {};
  const auto statistic = [&](std::span<const std::uint32_t> drawn) {
    std::vector<double> times(ranked.units, 0.0);
    for (const std::uint32_t unit : drawn) ++times[unit];
    return area(ranked, times);
  };
  return Estimate{.value = *whole, .interval = bootstrap_interval(ranked.units, statistic, options)};
}

}  // namespace faultline::stats
