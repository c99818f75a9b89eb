#include "findings/compare_runs.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include "findings/rules.h"
#include "findings/selection.h"
#include "stats/bootstrap.h"
#include "stats/mcnemar.h"
#include "stats/signed_rank.h"

namespace faultline::findings {
namespace {

using ImagePair = std::pair<const ImageEvidence*, const ImageEvidence*>;

// By id, in that order: the result does not depend on where the images stood in the two lists.
std::vector<ImagePair> image_pairs(const ConditionEvidence& first, const ConditionEvidence& second) {
  std::map<std::string_view, const ImageEvidence*> known;
  for (const ImageEvidence& image : second.images) known[image.id] = &image;
  std::map<std::string_view, ImagePair> pairs;
  for (const ImageEvidence& image : first.images) {
    const auto other = known.find(image.id);
    if (other != known.end()) pairs[image.id] = {&image, other->second};
  }
  std::vector<ImagePair> result;
  for (const auto& [id, pair] : pairs) result.push_back(pair);
  return result;
}

SuccessComparison compare_success(const std::vector<ImagePair>& pairs) {
  SuccessComparison found;
  for (const auto& [a, b] : pairs) {
    const bool first = selected(a->attack, Selection::flipped);
    const bool second = selected(b->attack, Selection::flipped);
    ++(first ? second ? found.both : found.only_first : second ? found.only_second : found.neither);
  }
  found.p = stats::mcnemar_test(found.only_first, found.only_second);
  return found;
}

bool seeks_critical(const ConditionEvidence& of) {
  return of.condition.regime == "critical" || of.condition.regime == "double";
}

// ln of the ratio that stands for one beyond all others.
constexpr double kBeyondRatio = 1e6;

Measured ratio_of(double logarithm) {
  return std::abs(logarithm) < kBeyondRatio / 4 ? Measured{std::exp(logarithm)} : Measured{};
}

CriticalComparison compare_critical(const std::vector<ImagePair>& pairs) {
  CriticalComparison found{.n = pairs.size()};
  std::vector<double> logarithms;
  for (const auto& [a, b] : pairs) {
    const Measured first = a->attack.critical_eps;
    const Measured second = b->attack.critical_eps;
    if (!first && !second) ++found.censored_both;
    if (!first && second) ++found.censored_first;
    if (first && !second) ++found.censored_second;
    logarithms.push_back(first && second ? std::log(*first / *second)
                         : first         ? -kBeyondRatio
                         : second        ? kBeyondRatio
                                         : 0.0);
  }
  const stats::SignedRankTest test = stats::signed_rank_test(logarithms);
  found.p = test.p;
  found.rank_biserial = test.rank_biserial;
  const auto median =
      stats::bootstrap_median(logarithms, {.resamples = kTableResamples, .confidence = kConfidence});
  if (!median) return found;
  found.ratio = ratio_of(median->value);
  if (median->interval) {
    found.lower = ratio_of(median->interval->lower);
    found.upper = ratio_of(median->interval->upper);
  }
  return found;
}

// Places that both runs have, by name: their names, and where they stand in each.
struct CommonPlaces {
  std::vector<std::string> names;
  std::vector<std::pair<std::size_t, std::size_t>> places;
};

template <class Row, class Wanted>
CommonPlaces common_places(const std::vector<Row>& first, const std::vector<Row>& second,
                           const Wanted& wanted) {
  CommonPlaces common;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const auto other =
        std::find_if(second.begin(), second.end(), [&](const Row& row) { return row.name == first[i].name; });
    if (other == second.end() || !wanted(first[i]) || !wanted(*other)) continue;
    common.names.push_back(first[i].name);
    common.places.emplace_back(i, static_cast<std::size_t>(other - second.begin()));
  }
  return common;
}

Measured value_at(const ImageEvidence& image, std::vector<Measured> KindResponse::*values,
                  std::size_t place) {
  const KindResponse* adversarial = kind_of(image, kAdversarial);
  if (!adversarial || (adversarial->*values).size() <= place) return {};
  return (adversarial->*values)[place];
}

Pairs pairs_at(const std::vector<ImagePair>& images, Selection selection, const CommonPlaces& common,
               std::vector<Measured> KindResponse::*values) {
  Pairs pairs;
  for (const auto& [a, b] : images) {
    if (!selected(a->attack, selection) || !selected(b->attack, selection)) continue;
    auto& row = pairs.emplace_back();
    for (const auto& [first, second] : common.places)
      row.emplace_back(value_at(*a, values, first), value_at(*b, values, second));
  }
  return pairs;
}

RankingComparison compare_rankings(const CommonPlaces& layers, const Pairs& steps) {
  RankingComparison found{.layers = layers.names.size()};
  std::vector<double> first(found.layers, 0.0), second(found.layers, 0.0);
  for (const auto& row : steps) {
    if (!std::all_of(row.begin(), row.end(), [](const auto& pair) { return pair.first && pair.second; }))
      continue;
    ++found.n;
    for (std::size_t i = 0; i < row.size(); ++i) {
      first[i] += *row[i].first;
      second[i] += *row[i].second;
    }
  }
  if (found.n > 0) found.tau = stats::kendall_tau(first, second);
  return found;
}

std::vector<const store::ConditionRow*> of_model(const StoredRun& run) {
  std::vector<const store::ConditionRow*> found;
  for (const store::ConditionRow& row : run.conditions) {
    if (row.network == 0) found.push_back(&row);
  }
  return found;
}

}  // namespace

ConditionComparison compare_conditions(const StoredRun& first_run, const ConditionEvidence& first,
                                       const StoredRun& second_run, const ConditionEvidence& second) {
  const std::vector<ImagePair> pairs = image_pairs(first, second);
  ConditionComparison found{.first = first.condition.name,
                            .second = second.condition.name,
                            .images = pairs.size(),
                            .success = compare_success(pairs)};
  if (seeks_critical(first) && seeks_critical(second)) found.critical = compare_critical(pairs);
  const auto steps_at = [&](const CommonPlaces& places) {
    return pairs_at(pairs, Selection::flipped, places, &KindResponse::step);
  };
  const CommonPlaces points = common_places(first_run.points, second_run.points,
                                            [](const store::PointRow& row) { return row.kind != "input"; });
  found.steps = paired_differences(points.names, steps_at(points));
  const CommonPlaces layers = common_places(first_run.points, second_run.points,
                                            [](const store::PointRow& row) { return row.kind == "layer"; });
  found.ranking = compare_rankings(layers, steps_at(layers));
  const CommonPlaces blocks =
      common_places(first_run.blocks, second_run.blocks, [](const store::BlockRow&) { return true; });
  CommonPlaces players{.names = {"input"}, .places = {{0, 0}}};
  players.names.insert(players.names.end(), blocks.names.begin(), blocks.names.end());
  for (const auto& [a, b] : blocks.places) players.places.emplace_back(a + 1, b + 1);
  found.shares =
      paired_differences(players.names, pairs_at(pairs, Selection::stored, players, &KindResponse::shares));
  return found;
}

std::vector<std::pair<std::int64_t, std::int64_t>> pair_conditions(const StoredRun& first,
                                                                   const StoredRun& second) {
  const auto a = of_model(first);
  const auto b = of_model(second);
  const auto same_strength = [](const store::ConditionRow& x, const store::ConditionRow& y) {
    return x.regime == y.regime && x.eps == y.eps;
  };
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  std::vector<std::pair<std::int64_t, std::int64_t>> of_first_attacks;
  for (const store::ConditionRow* x : a) {
    for (const store::ConditionRow* y : b) {
      if (!same_strength(*x, *y)) continue;
      if (x->attack == y->attack && x->settings == y->settings)
        pairs.emplace_back(x->condition, y->condition);
      if (x->attack_number == 0 && y->attack_number == 0)
        of_first_attacks.emplace_back(x->condition, y->condition);
    }
  }
  return pairs.empty() ? of_first_attacks : pairs;
}

RunComparison compare_runs(const StoredRun& first, const LoadCondition& load_first, const StoredRun& second,
                           const LoadCondition& load_second) {
  RunComparison found{.first_model = first.run.model_file,
                      .second_model = second.run.model_file,
                      .same_model = first.run.model_sha256 == second.run.model_sha256,
                      .first_images = first.images.size(),
                      .second_images = second.images.size()};
  std::set<std::string_view> ids;
  for (const store::ImageRow& image : first.images) ids.insert(image.id);
  for (const store::ImageRow& image : second.images) {
    if (ids.contains(image.id)) ++found.common_images;
  }
  for (const auto& [a, b] : pair_conditions(first, second))
    found.conditions.push_back(compare_conditions(first, load_first(a), second, load_second(b)));
  return found;
}

}  // namespace faultline::findings
