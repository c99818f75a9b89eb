#include "compare/faithfulness.h"

#include <algorithm>
#include <array>

#include "base/named.h"
#include "compare/confidence_drop.h"

namespace faultline::compare {

namespace {

constexpr std::array<std::string_view, 3> kBaselines = {"neutral", "black", "blurred"};

constexpr Parameter kSteps =
    integer_parameter("steps", "224", 1, 1'000'000, "of the curve; 224 pixels a step at 224 x 224");
constexpr Parameter kBaseline =
    choice_parameter("baseline", "neutral", kBaselines,
                     "what stands for a pixel taken away: what preprocessing makes 0, black, or the image "
                     "blurred");
constexpr std::array kBlur = {
    integer_parameter("blur_size", "11", 1, 999, "side of the Gaussian of a blurred baseline, pixels; odd"),
    real_parameter("blur_sigma", "5", 0.01, 1000, "its standard deviation, pixels")};

constexpr auto kDeletionParameters = join(std::array{kSteps, kBaseline}, kBlur);
constexpr auto kInsertionParameters = join(std::array{kSteps, with_default(kBaseline, "blurred")}, kBlur);
constexpr std::array kRoadParameters = {
    text_parameter("shares", "0.2,0.4,0.6,0.8", "of pixels removed, each between 0 and 1, with commas"),
    real_parameter("noise", "0.01", 0, 1, "standard deviation of what is added where filled, pixel units")};

Tensor baseline_of(const MapOnImage& map, const MeasureOptions& with) {
  switch (with.baseline) {
    case Baseline::neutral:
      return neutral_baseline(map.plan.graph(), map.image.shape());
    case Baseline::black:
      return Tensor(map.image.shape());
    case Baseline::blurred:
      return blurred_baseline(map.image, with.blur);
  }
  throw ContractError("faithfulness: no such baseline");
}

double deletion(const MapOnImage& map, const MeasureOptions& with) {
  return deletion_curve(map.plan, map.image, map.relevance, map.class_index, baseline_of(map, with),
                        with.steps)
      .area;
}

double insertion(const MapOnImage& map, const MeasureOptions& with) {
  return insertion_curve(map.plan, map.image, map.relevance, map.class_index, baseline_of(map, with),
                         with.steps)
      .area;
}

double drop(const MapOnImage& map, const MeasureOptions& /*with*/) {
  return confidence_drop(map.plan, map.image, map.relevance, map.class_index).drop();
}

double increase(const MapOnImage& map, const MeasureOptions& /*with*/) {
  return confidence_drop(map.plan, map.image, map.relevance, map.class_index).increased() ? 1 : 0;
}

double combined_road(const MapOnImage& map, const MeasureOptions& with) {
  return road(map.plan, map.image, map.relevance, map.class_index, with.road, map.seed, map.key).combined;
}

std::vector<double> parse_shares(const Settings& settings) {
  const std::string text = settings.text("shares");
  std::vector<double> shares;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const auto share = parse_number(std::string_view(text).substr(begin, end - begin));
    if (!share || *share <= 0 || *share >= 1)
      settings.refuse("shares", "numbers between 0 and 1 with commas, 0.2,0.4");
    shares.push_back(*share);
    begin = end + 1;
  }
  return shares;
}

}  // namespace

MeasureOptions measure_options(const Settings& settings) {
  MeasureOptions options;
  if (settings.has("steps")) options.steps = settings.integer("steps");
  if (settings.has("baseline")) {
    const auto* const named = std::ranges::find(kBaselines, settings.text("baseline"));
    options.baseline = static_cast<Baseline>(named - kBaselines.begin());
  }
  if (settings.has("blur_size")) {
    options.blur = {.size = settings.integer("blur_size"), .sigma = settings.real("blur_sigma")};
    if (options.blur.size % 2 == 0) settings.refuse("blur_size", "an odd number");
  }
  if (settings.has("shares"))
    options.road = {.shares = parse_shares(settings), .noise = settings.real("noise")};
  return options;
}

std::span<const FaithfulnessMeasure> faithfulness_measures() {
  static constexpr std::array kMeasures = {
      FaithfulnessMeasure{
          "deletion",
          "area under the class's probability as the most relevant pixels are taken away first; 0 to 1, "
          "small is good",
          "Petsiuk et al. 2018, arXiv 1806.07421", false, kDeletionParameters, &deletion},
      FaithfulnessMeasure{
          "insertion",
          "area under the class's probability as the most relevant pixels are put in first; 0 to 1, large is "
          "good",
          "Petsiuk et al. 2018, arXiv 1806.07421", true, kInsertionParameters, &insertion},
      FaithfulnessMeasure{
          "average-drop",
          "share of the class's probability lost where the image is multiplied by the map; 0 to 1, small is "
          "good",
          "Chattopadhay et al. 2018, arXiv 1710.11063",
          false,
          {},
          &drop},
      FaithfulnessMeasure{"increase",
                          "share of images whose class's probability rises by that; 0 to 1, large is good",
                          "Chattopadhay et al. 2018, arXiv 1710.11063",
                          true,
                          {},
                          &increase},
      FaithfulnessMeasure{
          "road",
          "how much more of the class's probability is left if the least relevant pixels are removed and "
          "filled from around than if the most relevant are, halved; -1/2 to 1/2, large is good",
          "Rong et al. 2022, arXiv 2202.00449", true, kRoadParameters, &combined_road},
  };
  return kMeasures;
}

const FaithfulnessMeasure& faithfulness_measure(std::string_view name) {
  return named(faithfulness_measures(), name, "measure");
}

Settings measure_settings(std::string_view name) {
  const FaithfulnessMeasure& measure = faithfulness_measure(name);
  return {"measure", measure.name, measure.parameters};
}

}  // namespace faultline::compare
