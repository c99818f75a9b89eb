#include "findings/image_gatherer.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "findings/deviating.h"

namespace faultline::findings {
namespace {

constexpr std::int64_t kCleanInput = 0;

std::size_t place(std::int64_t number, std::size_t count) {
  require(number >= 0 && static_cast<std::size_t>(number) < count,
          "findings: a row's number is out of range");
  return static_cast<std::size_t>(number);
}

class RunningMean {
 public:
  void add(const Measured& value) {
    if (!value) return;
    sum_ += *value;
    ++count_;
  }
  Measured value() const { return count_ == 0 ? Measured{} : Measured{sum_ / static_cast<double>(count_)}; }

 private:
  double sum_ = 0;
  std::size_t count_ = 0;
};

}  // namespace

ImageGatherer::ImageGatherer(const StoredRun& run, std::string id, const store::AttackRow& attack)
    : run_(&run) {
  base_.image = attack.image;
  base_.id = std::move(id);
  base_.attack = attack;
}

void ImageGatherer::add(const store::InputRow& row) {
  if (row.matched) {
    inputs_[row.input] = row;
  } else {
    ++base_.unmatched;
  }
}

const store::InputRow* ImageGatherer::matched_input(std::int64_t input) const {
  const auto found = inputs_.find(input);
  return found == inputs_.end() ? nullptr : &found->second;
}

ImageGatherer::Responses& ImageGatherer::responses_of(std::int64_t input) {
  Responses& of = responses_[input];
  if (of.step.empty()) {
    for (auto* values : {&of.deviation, &of.log_excess, &of.step, &of.alignment})
      values->resize(run_->points.size());
    of.contribution.resize(run_->segments.size());
    of.shapley_value.resize(run_->blocks.size() + 1);
    of.shapley_share.resize(run_->blocks.size() + 1);
  }
  return of;
}

void ImageGatherer::add(const store::PointResponseRow& row) {
  if (!matched_input(row.input)) return;
  const std::size_t point = place(row.point, run_->points.size());
  Responses& of = responses_of(row.input);
  of.deviation[point] = row.deviation;
  of.log_excess[point] = row.log_excess;
  of.step[point] = row.step;
  of.alignment[point] = row.alignment;
}

void ImageGatherer::add(const store::ContributionRow& row) {
  if (!matched_input(row.input)) return;
  responses_of(row.input).contribution[place(row.segment, run_->segments.size())] = row.contribution;
}

void ImageGatherer::add(const store::HeatmapResponseRow& row) {
  if (!matched_input(row.input)) return;
  const std::size_t layer = place(row.layer, run_->layers.size());
  if (row.input == kCleanInput) clean_blank_[{row.method, layer}] = row.blank;
  maps_.push_back({.input = row.input,
                   .layer = layer,
                   .method = row.method,
                   .blank = row.blank,
                   .distraction = row.distraction});
}

void ImageGatherer::add(const store::ShapleyRow& row) {
  if (!matched_input(row.input)) return;
  const std::size_t player = place(row.player, run_->blocks.size() + 1);
  Responses& of = responses_of(row.input);
  of.shapley_value[player] = row.value;
  of.shapley_share[player] = row.share;
}

void ImageGatherer::add(const store::GateSetRow& row) {
  const store::InputRow* input = matched_input(row.input);
  if (!input || input->kind != kAdversarial) return;
  SmallestSets& of = base_.sets[row.question];
  if (!row.blocks || !row.size) return;
  of.size = static_cast<double>(*row.size);
  of.sets.push_back(static_cast<std::uint64_t>(*row.blocks));
}

std::vector<std::int64_t> ImageGatherer::inputs_of(const std::string& kind) const {
  std::vector<std::int64_t> found;
  for (const auto& [number, row] : inputs_) {
    if (row.kind == kind) found.push_back(number);
  }
  return found;
}

std::vector<Measured> ImageGatherer::mean_of(const std::vector<std::int64_t>& inputs,
                                             std::vector<Measured> Responses::*values) const {
  std::vector<RunningMean> means;
  for (const std::int64_t input : inputs) {
    const auto found = responses_.find(input);
    if (found == responses_.end()) continue;
    const std::vector<Measured>& of_input = found->second.*values;
    means.resize(of_input.size());
    for (std::size_t i = 0; i < of_input.size(); ++i) means[i].add(of_input[i]);
  }
  std::vector<Measured> result;
  for (const RunningMean& mean : means) result.push_back(mean.value());
  return result;
}

// Shares of the margin's fall. Boost makes it rise: there, of the rise.
std::vector<Measured> ImageGatherer::shares_of(const std::vector<std::int64_t>& inputs) const {
  std::vector<Measured> values = mean_of(inputs, &Responses::shapley_value);
  const bool known = !values.empty() && std::all_of(values.begin(), values.end(),
                                                    [](const Measured& of) { return of.has_value(); });
  if (!known) return {};
  double change = 0;
  for (const Measured& value : values) change += *value;
  if (inputs_.at(inputs.front()).kind != "boost" || change <= 0)
    return mean_of(inputs, &Responses::shapley_share);
  for (Measured& value : values) value = *value / change;
  return values;
}

std::map<std::string, std::vector<MapResponse>, std::less<>> ImageGatherer::maps_of(
    const std::vector<std::int64_t>& inputs) const {
  struct Draft {
    RunningMean distraction, blank_one;
    std::int64_t first = -1;
  };
  std::map<std::string, std::vector<MapResponse>, std::less<>> result;
  std::map<std::pair<std::string, std::size_t>, Draft> drafts;
  for (const Map& map : maps_) {
    if (std::find(inputs.begin(), inputs.end(), map.input) == inputs.end()) continue;
    auto& of_method = result[map.method];
    of_method.resize(run_->layers.size());
    MapResponse& response = of_method[map.layer];
    Draft& draft = drafts[{map.method, map.layer}];
    ++response.inputs;
    response.blank += map.blank ? 1 : 0;
    if (draft.first < 0 || map.input < draft.first) {
      draft.first = map.input;
      response.first_blank = map.blank;
    }
    draft.distraction.add(map.distraction);
    const auto clean = clean_blank_.find({map.method, map.layer});
    const bool left_blank = map.blank && clean != clean_blank_.end() && !clean->second;
    draft.blank_one.add(left_blank ? Measured{1.0} : map.distraction);
  }
  for (const auto& [key, draft] : drafts) {
    MapResponse& response = result[key.first][key.second];
    response.distraction = draft.distraction.value();
    response.distraction_blank_one = draft.blank_one.value();
  }
  return result;
}

KindResponse ImageGatherer::kind(const std::string& name) const {
  const std::vector<std::int64_t> inputs = inputs_of(name);
  const auto kept = std::count_if(inputs.begin(), inputs.end(), [&](std::int64_t input) {
    return inputs_.at(input).predicted_class == base_.attack.clean_class;
  });
  return {.role = inputs_.at(inputs.front()).role,
          .inputs = inputs.size(),
          .kept_class = static_cast<std::size_t>(kept),
          .log_excess = mean_of(inputs, &Responses::log_excess),
          .step = mean_of(inputs, &Responses::step),
          .alignment = mean_of(inputs, &Responses::alignment),
          .contribution = mean_of(inputs, &Responses::contribution),
          .maps = maps_of(inputs),
          .shares = shares_of(inputs)};
}

// The image itself is no point of the family: its deviation is matched to the Gaussian draws'.
std::vector<Measured> ImageGatherer::deviation_p() const {
  std::vector<Measured> p(run_->points.size());
  const auto adversarial = inputs_of(std::string(kAdversarial));
  const auto gaussian = inputs_of(std::string(kGaussian));
  const auto of_input = [&](std::int64_t input, std::size_t point) {
    const auto found = responses_.find(input);
    return found == responses_.end() ? Measured{} : found->second.deviation[point];
  };
  if (adversarial.empty()) return p;
  for (std::size_t point = 0; point < p.size(); ++point) {
    if (run_->points[point].kind == "input") continue;
    std::vector<Measured> draws;
    for (const std::int64_t input : gaussian) draws.push_back(of_input(input, point));
    p[point] = deviating_p(of_input(adversarial.front(), point), draws);
  }
  return p;
}

ImageEvidence ImageGatherer::finish() const {
  ImageEvidence evidence = base_;
  for (const auto& [number, row] : inputs_) {
    if (!evidence.kinds.contains(row.kind)) evidence.kinds[row.kind] = kind(row.kind);
    if (row.role != "harmless" || row.predicted_class != base_.attack.clean_class) continue;
    const auto found = responses_.find(number);
    if (found != responses_.end()) evidence.harmless_steps.push_back(found->second.step);
  }
  evidence.deviating_p = deviation_p();
  return evidence;
}

}  // namespace faultline::findings
