#include "findings/response_tables.h"

#include <algorithm>

#include "findings/deviating.h"
#include "findings/rules.h"
#include "findings/selection.h"
#include "findings/shares.h"
#include "findings/simultaneous_means.h"
#include "stats/holm.h"
#include "stats/mcnemar.h"

namespace faultline::findings {
namespace {

template <class Row>
std::vector<std::string> names_of(const std::vector<Row>& rows) {
  std::vector<std::string> names;
  for (const Row& row : rows) names.push_back(row.name);
  return names;
}

std::vector<Measure> means_of(const std::vector<std::string>& names,
                              const std::vector<const ImageEvidence*>& images, const std::string& kind,
                              std::vector<Measured> KindResponse::*values) {
  std::vector<std::vector<Measured>> units;
  for (const ImageEvidence* image : images) {
    const KindResponse* response = kind_of(*image, kind);
    if (response && (response->*values).size() == names.size()) units.push_back(response->*values);
  }
  return simultaneous_means(names, units, kTableResamples);
}

const std::vector<MapResponse>* maps_of_kind(const ImageEvidence& image, std::string_view kind,
                                             const std::string& method) {
  const KindResponse* response = kind_of(image, kind);
  if (!response) return nullptr;
  const auto found = response->maps.find(method);
  return found == response->maps.end() ? nullptr : &found->second;
}

BlankRates rates_at(const std::vector<const ImageEvidence*>& images, const std::string& method,
                    std::size_t layer) {
  std::size_t pairs = 0, adversarial = 0, gaussian = 0;
  BlankRates rates{.method = method, .layer = layer};
  for (const ImageEvidence* image : images) {
    const auto* perturbed = maps_of_kind(*image, kAdversarial, method);
    const auto* noisy = maps_of_kind(*image, kGaussian, method);
    if (!perturbed || !noisy || (*perturbed)[layer].inputs == 0 || (*noisy)[layer].inputs == 0) continue;
    const bool first = (*perturbed)[layer].first_blank;
    const bool second = (*noisy)[layer].first_blank;
    ++pairs;
    if (first) ++adversarial;
    if (second) ++gaussian;
    if (first && !second) ++rates.only_adversarial;
    if (second && !first) ++rates.only_gaussian;
  }
  rates.adversarial = share("adversarial", adversarial, pairs);
  rates.gaussian = share("gaussian", gaussian, pairs);
  rates.p = stats::mcnemar_test(rates.only_adversarial, rates.only_gaussian);
  return rates;
}

Measure deviating_share(const std::vector<std::vector<bool>>& deviating_images, std::size_t point) {
  std::size_t count = 0;
  for (const auto& of : deviating_images) {
    if (of[point]) ++count;
  }
  return share("deviating", count, deviating_images.size());
}

}  // namespace

std::vector<PointMeans> point_means(const StoredRun& run, const ConditionEvidence& evidence) {
  const auto images = select(evidence, Selection::flipped);
  const auto points = names_of(run.points);
  std::vector<PointMeans> tables;
  for (const std::string& kind : kinds_in(evidence)) {
    tables.push_back(
        {.kind = kind,
         .log_excess = means_of(points, images, kind, &KindResponse::log_excess),
         .step = means_of(points, images, kind, &KindResponse::step),
         .alignment = means_of(points, images, kind, &KindResponse::alignment),
         .contribution = means_of(names_of(run.segments), images, kind, &KindResponse::contribution)});
  }
  return tables;
}

std::vector<DistractionMeans> distraction_means(const StoredRun& run, const ConditionEvidence& evidence) {
  const auto images = select(evidence, Selection::flipped);
  std::vector<DistractionMeans> tables;
  for (const std::string& kind : kinds_in(evidence)) {
    for (const std::string& method : methods_in(evidence)) {
      std::vector<std::vector<Measured>> units;
      for (const ImageEvidence* image : images) {
        const auto* maps = maps_of_kind(*image, kind, method);
        if (!maps) continue;
        auto& unit = units.emplace_back();
        for (const MapResponse& map : *maps) unit.push_back(map.distraction);
      }
      tables.push_back({.kind = kind,
                        .method = method,
                        .distraction = simultaneous_means(names_of(run.layers), units, kTableResamples)});
    }
  }
  return tables;
}

std::vector<BlankRates> blank_rates(const StoredRun& run, const ConditionEvidence& evidence) {
  const auto images = select(evidence, Selection::flipped);
  std::vector<BlankRates> table;
  for (const std::string& method : methods_in(evidence)) {
    std::vector<double> p;
    for (std::size_t layer = 0; layer < run.layers.size(); ++layer) {
      table.push_back(rates_at(images, method, layer));
      p.push_back(table.back().p);
    }
    const std::vector<double> adjusted = stats::holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) table[table.size() - p.size() + i].p_adjusted = adjusted[i];
  }
  return table;
}

CompromiseTable compromise_table(const StoredRun& run, const ConditionEvidence& evidence) {
  const Compromise compromise = find_compromised(run, evidence);
  std::vector<std::vector<bool>> deviating_images;
  for (const ImageEvidence* image : select(evidence, Selection::flipped)) {
    const bool tested = std::any_of(image->deviating_p.begin(), image->deviating_p.end(),
                                    [](const Measured& p) { return p.has_value(); });
    if (tested) deviating_images.push_back(deviating(image->deviating_p));
  }
  std::vector<const ImageCompromise*> counted;
  for (std::size_t i = 0; i < compromise.images.size(); ++i) {
    if (selected(evidence.images[i].attack, Selection::flipped)) counted.push_back(&compromise.images[i]);
  }
  const auto compromised = [&](std::vector<bool> ImageCompromise::*places, std::size_t place) {
    const auto count = std::count_if(counted.begin(), counted.end(),
                                     [&](const ImageCompromise* of) { return (of->*places)[place]; });
    return share("compromised", static_cast<std::size_t>(count), counted.size());
  };
  CompromiseTable table{.harmless_images = compromise.harmless_images};
  for (std::size_t point = 0; point < run.points.size(); ++point) {
    const auto onsets = std::count_if(counted.begin(), counted.end(),
                                      [&](const ImageCompromise* of) { return of->onset == point; });
    PlaceRates& rates = table.points.emplace_back();
    rates.name = run.points[point].name;
    rates.deviating = deviating_share(deviating_images, point);
    rates.compromised = compromised(&ImageCompromise::points, point);
    rates.onsets = static_cast<std::size_t>(onsets);
    rates.harmless = compromise.points[point];
  }
  for (std::size_t block = 0; block < run.blocks.size(); ++block) {
    PlaceRates& rates = table.blocks.emplace_back();
    rates.name = run.blocks[block].name;
    rates.compromised = compromised(&ImageCompromise::blocks, block);
    rates.harmless = compromise.blocks[block];
  }
  table.without_onset = static_cast<std::size_t>(
      std::count_if(counted.begin(), counted.end(), [](const ImageCompromise* of) { return !of->onset; }));
  return table;
}

}  // namespace faultline::findings
