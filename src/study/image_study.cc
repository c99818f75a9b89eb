#include "study/image_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "attack/catalogue.h"
#include "base/error.h"
#include "base/log.h"
#include "image/encode.h"
#include "study/gallery_rows.h"
#include "tensor/argmax.h"
#include "tensor/softmax.h"

namespace faultline::study {

namespace {

// The attack at an eps, and towards a goal.
Settings at(const Settings& attack, std::optional<float> eps) {
  Settings settings = attack;
  if (eps) settings.set("eps", static_cast<double>(*eps));
  return settings;
}

// Contributions and pull of the image, and the steps along any path, add up to the whole.
constexpr double kTelescoping = 1e-5;

}  // namespace

ImageStudy::ImageStudy(const formats::Model& model, const engine::Engine& engine,
                       std::vector<Condition> conditions, ImageStudyOptions options)
    : conditions_(std::move(conditions)), options_(std::move(options)) {
  require(!conditions_.empty(), "a study without a condition");
  if (conditions_.front().regime != Regime::given) options_.analysis.attack = conditions_.front().attack;
  analyzer_ = std::make_unique<Analyzer>(model, engine, options_.analysis);
  if (options_.causes.any())
    causes_ = std::make_unique<CauseTests>(model, engine, options_.causes, options_.analysis.seed);
}

std::pair<int, double> ImageStudy::predict(TensorView image) {
  const auto pass = analyzer_->plan().forward(TensorView(image.data(), image.shape().stacked(1)));
  const auto logits = pass->logits().row(0);
  const int predicted = argmax(logits.values());
  return {predicted, softmax(logits)[static_cast<std::size_t>(predicted)]};
}

attack::AttackedImage ImageStudy::run(const Settings& attack, const InputImage& image,
                                      const RunControl& control) {
  const Tensor batch = stack({&image.pixels, 1});
  const std::vector<std::string> keys = {image.sha256};
  const attack::AttackInput input{.images = batch, .keys = keys, .seed = options_.analysis.seed};
  return std::move(
      attack::make_attack(attack)->run(analyzer_->plan(), input, control.without_progress()).front());
}

const attack::CriticalStrength& ImageStudy::critical(const Settings& attack, const InputImage& image,
                                                     Strengths& strengths, const RunControl& control) {
  const std::string name = attack.name() + attack.json().dump();
  const auto known = std::ranges::find(strengths, name, &Strengths::value_type::first);
  if (known != strengths.end()) return known->second;
  const Tensor batch = stack({&image.pixels, 1});
  const std::vector<std::string> keys = {image.sha256};
  const attack::AttackInput input{.images = batch, .keys = keys, .seed = options_.analysis.seed};
  const auto make = [&](float eps) { return attack::make_attack(at(attack, eps)); };
  auto found = attack::critical_strength(make, eps_bracket(attack), analyzer_->plan(), input,
                                         control.without_progress());
  return strengths.emplace_back(name, std::move(found.front())).second;
}

ImageStudy::Made ImageStudy::make(const Condition& condition, const InputImage& image,
                                  std::span<const InputImage> partners, Strengths& strengths,
                                  const RunControl& control) {
  Made made;
  std::optional<float> eps = condition.eps;
  std::optional<attack::AttackedImage> attacked;
  if (condition.regime == Regime::critical || condition.regime == Regime::doubled) {
    const attack::CriticalStrength& strength = critical(condition.attack, image, strengths, control);
    if (condition.regime == Regime::critical) {
      made.row.forward_passes = strength.forward_passes;
      made.row.backward_passes = strength.backward_passes;
    }
    made.row.critical_fails_at = static_cast<double>(strength.fails_at);
    if (!strength.eps) return made;
    made.row.critical_eps = static_cast<double>(*strength.eps);
    eps = *strength.eps;
    if (condition.regime == Regime::critical) attacked = strength.attacked;
    if (condition.regime == Regime::doubled) eps = 2 * *eps;
  }
  const Settings attack = at(condition.attack, eps);
  if (!attacked) {
    attacked = run(attack, image, control);
    made.row.forward_passes = attacked->forward_passes;
    made.row.backward_passes = attacked->backward_passes;
  }
  made.row.made = true;
  if (eps) made.row.eps = static_cast<double>(*eps);
  made.row.success_rounded = attacked->rounded.success;
  if (attack.has_choice("goal", "boost") && draws_of(control::Needs::boost) > 0) {
    const attack::AttackedImage boosted = run(Settings(attack).set("goal", "boost"), image, control);
    made.controls.boost = perturbation_of(boosted.image, image.pixels);
  }
  if (draws_of(control::Needs::transfer) > 0) {
    for (const InputImage& partner : partners)
      made.controls.transfer.push_back(perturbation_of(run(attack, partner, control).image, partner.pixels));
  }
  made.perturbed = std::move(attacked->image);
  return made;
}

void ImageStudy::study(const InputImage& image, std::int64_t number, std::span<const InputImage> partners,
                       const Tensor* perturbed, const RunControl& control, ImageRecord& record) {
  Strengths strengths;
  clean_detection_.clear();
  const int clean_class = predict(image.pixels).first;
  for (const Condition& condition : conditions_) {
    control.checkpoint();
    const RowKey key{.image = number, .condition = condition.number};
    Made made;
    if (condition.regime == Regime::given) {
      require(perturbed != nullptr, "a study of given inputs: none was given");
      made.perturbed = *perturbed;
      made.row.made = true;
      made.row.success_rounded = predict(round_to_8bit(*perturbed)).first != clean_class;
    } else {
      made = make(condition, image, partners, strengths, control);
    }
    made.row.image = number;
    made.row.condition = condition.number;
    made.row.clean_class = clean_class;
    if (!made.row.made) {
      record.attacks.push_back(made.row);
      continue;
    }
    const Analysis analysis = analyzer_->compare(image, made.perturbed, made.controls, control);
    made.row.success = analysis.flipped();
    made.row.other_class = analysis.response.classes.other_class;
    made.row.linf = analysis.inputs[1].perturbation.linf;
    made.row.l2 = analysis.inputs[1].perturbation.l2;
    record.attacks.push_back(made.row);
    add_response_rows(analysis, analyzer_->map(), analyzer_->options().compare, key, record);
    add_identities(analysis, key, record);
    if (options_.pictures && condition.network == 0 && condition.attack_number == 0 && condition.is_main)
      add_gallery_rows(analysis, analyzer_->options().compare, key, record);
    if (causes_) {
      causes_->add_gates(analysis, condition.is_main, key, record);
      if (condition.is_main && analysis.flipped())
        causes_->add_interventions(analysis, analyzer_->plan(), key, control, record);
    }
    if (options_.detection) add_detection(analysis, key, record);
  }
  for (const store::IdentityRow& identity : record.identities) {
    if (identity.error > identity.tolerance) {
      log_warning(fmt::format("{}: the identity {} does not hold: error {:.3g}, expected at most {:.3g}",
                              image.file.string(), identity.identity, identity.error, identity.tolerance));
    }
  }
}

void ImageStudy::add_detection(const Analysis& analysis, const RowKey& key, ImageRecord& record) {
  for (std::size_t i = 0; i < analysis.inputs.size(); ++i) {
    const InputRecord& input = analysis.inputs[i];
    const bool is_gaussian = input.kind == "gaussian" && input.draw == 0 && input.matched;
    if (i > 1 && !is_gaussian) continue;
    const std::string stream = fmt::format("{}/detection/input={}", analysis.image.sha256, i);
    auto rows = detection_quantities(analyzer_->plan(), analyzer_->map(), input.pixels,
                                     options_.analysis.seed, stream, options_.detection_options);
    for (store::DetectionRow& row : rows) {
      row.image = key.image;
      row.condition = key.condition;
      row.input = static_cast<std::int64_t>(i);
      record.detection.push_back(std::move(row));
    }
  }
}

void ImageStudy::add_identities(const Analysis& analysis, const RowKey& key, ImageRecord& record) {
  const compare::ResponseComparison& response = analysis.response;
  // m(x') - m(x) = pull of the image + all contributions.
  double contributions_error = 0;
  for (std::size_t i = 1; i < analysis.inputs.size(); ++i) {
    double sum = response.points.front().pull[i];
    double scale =
        std::max({1.0, std::abs(response.margins[0]), std::abs(response.margins[i]), std::abs(sum)});
    for (const auto& of_segment : response.contributions) {
      sum += of_segment[i];
      scale = std::max(scale, std::abs(of_segment[i]));
    }
    contributions_error =
        std::max(contributions_error, std::abs(sum - (response.margins[i] - response.margins[0])) / scale);
  }
  record.identities.push_back({.image = key.image,
                               .condition = key.condition,
                               .identity = "contributions-telescope",
                               .error = contributions_error,
                               .tolerance = kTelescoping});
}

ImageStudy::Cost ImageStudy::most_passes() const {
  int inputs = 2;
  for (const Settings& control : analyzer_->options().controls) inputs += control.integer("draws");
  Cost cost;
  for (const Condition& condition : conditions_) {
    cost.comparison += 2 * inputs + 1;
    if (options_.detection) cost.comparison += 3 * (options_.detection_options.copies + 4);
    if (!causes_) continue;
    cost.causes += causes_->gates_passes(condition.is_main);
    if (condition.is_main) cost.causes += causes_->most_intervention_passes(analyzer_->plan());
  }
  return cost;
}

}  // namespace faultline::study
