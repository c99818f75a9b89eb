#include "findings/paired_difference.h"

#include "findings/rules.h"
#include "findings/simultaneous_means.h"
#include "stats/holm.h"
#include "stats/signed_rank.h"

namespace faultline::findings {

std::vector<PairedDifference> paired_differences(const std::vector<std::string>& names, const Pairs& pairs) {
  std::vector<std::vector<Measured>> differences;
  for (const auto& unit : pairs) {
    auto& row = differences.emplace_back();
    for (const auto& [first, second] : unit)
      row.push_back(first && second ? Measured{*first - *second} : Measured{});
  }
  const std::vector<Measure> means = simultaneous_means(names, differences, kTableResamples);
  std::vector<PairedDifference> family;
  std::vector<double> p;
  for (std::size_t place = 0; place < names.size(); ++place) {
    std::vector<double> sample;
    for (const auto& row : differences) {
      if (row[place]) sample.push_back(*row[place]);
    }
    const stats::SignedRankTest test = stats::signed_rank_test(sample);
    family.push_back({.name = names[place],
                      .difference = means[place],
                      .p = test.p,
                      .p_adjusted = 1,
                      .rank_biserial = test.rank_biserial});
    p.push_back(test.p);
  }
  const std::vector<double> adjusted = stats::holm(p);
  for (std::size_t place = 0; place < family.size(); ++place) family[place].p_adjusted = adjusted[place];
  return family;
}

}  // namespace faultline::findings
