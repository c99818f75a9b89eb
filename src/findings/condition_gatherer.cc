#include "findings/condition_gatherer.h"

#include <algorithm>
#include <utility>

#include "findings/selection.h"

namespace faultline::findings {
namespace {

template <class Row>
void hand_out(std::map<std::int64_t, ImageGatherer>& images, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const auto found = images.find(row.image);
    if (found != images.end()) found->second.add(row);
  }
}

}  // namespace

ConditionGatherer::ConditionGatherer(const StoredRun& run, store::ConditionRow condition) : run_(&run) {
  evidence_.condition = std::move(condition);
  for (const store::ImageRow& row : run.images) ids_[row.image] = row.id;
}

void ConditionGatherer::add(const ConditionRows& rows) {
  Images images;
  for (const store::AttackRow& row : rows.attacks) {
    if (ids_.contains(row.image)) images.emplace(row.image, ImageGatherer(*run_, ids_.at(row.image), row));
  }
  hand_out(images, rows.inputs);
  hand_out(images, rows.point_responses);
  hand_out(images, rows.contributions);
  hand_out(images, rows.heatmap_responses);
  hand_out(images, rows.shapley);
  hand_out(images, rows.gate_sets);
  for (const auto& [number, image] : images) evidence_.images.push_back(image.finish());
  count(images, rows);
  detect(images, rows.detections);
}

void ConditionGatherer::count(const Images& images, const ConditionRows& rows) {
  std::map<std::int64_t, bool> flips;
  for (const store::AttackRow& row : rows.attacks) flips[row.image] = selected(row, Selection::stored);
  const auto counts = [&](std::int64_t image) { return images.contains(image) && flips[image]; };
  for (const store::InterventionRow& row : rows.interventions) {
    if (!counts(row.image)) continue;
    InterventionValues& of =
        evidence_.interventions[{.kind = row.kind, .source = row.source, .point = row.point}];
    of.values.push_back({.value = row.value, .limit = row.limit});
    if (row.square_share) of.square_shares.push_back(*row.square_share);
  }
  for (const store::SubstitutionRow& row : rows.substitutions) {
    if (!counts(row.image)) continue;
    SubstitutionCount& of =
        evidence_.substitutions[{.kind = row.kind, .target = row.target, .direction = row.direction}];
    ++of.images;
    of.decides += row.decides ? 1 : 0;
  }
  for (const store::IdentityRow& row : rows.identities) {
    IdentityWorst& of = evidence_.identities[row.identity];
    if (of.checks == 0 || row.error > of.worst) {
      of.worst = row.error;
      of.tolerance = row.tolerance;
    }
    ++of.checks;
    of.failures += row.error > row.tolerance ? 1 : 0;
  }
}

void ConditionGatherer::detect(const Images& images, const std::vector<store::DetectionRow>& rows) {
  for (const store::DetectionRow& row : rows) {
    const auto image = images.find(row.image);
    const store::InputRow* input = image == images.end() ? nullptr : image->second.matched_input(row.input);
    if (!input || !row.value) continue;
    DetectionInput kind = DetectionInput::clean;
    if (input->role == "adversarial") {
      kind = DetectionInput::adversarial;
    } else if (input->role == "gaussian") {
      kind = DetectionInput::gaussian;
    } else if (input->role != "clean") {
      continue;
    }
    evidence_.detection[{.quantity = row.quantity, .point = row.point}].push_back(
        {.image = row.image, .input = kind, .draw = input->draw, .value = *row.value});
  }
}

ConditionEvidence ConditionGatherer::finish() {
  std::sort(evidence_.images.begin(), evidence_.images.end(),
            [](const ImageEvidence& a, const ImageEvidence& b) { return a.image < b.image; });
  return std::move(evidence_);
}

ConditionEvidence gather(const StoredRun& run, const store::ConditionRow& condition,
                         const ConditionRows& rows) {
  ConditionGatherer gatherer(run, condition);
  gatherer.add(rows);
  return gatherer.finish();
}

}  // namespace faultline::findings
