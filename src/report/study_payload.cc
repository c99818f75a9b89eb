#include "report/study_payload.h"

#include <algorithm>
#include <limits>
#include <map>
#include <span>

#include "findings/assemble.h"
#include "findings/compromised.h"
#include "findings/eps_words.h"
#include "findings/read_store.h"
#include "findings/summary.h"
#include "findings/write_summary.h"
#include "report/gallery_inputs.h"
#include "report/packed.h"

namespace faultline::report {

namespace {

using findings::ConditionEvidence;
using findings::ImageEvidence;
using findings::KindResponse;
using findings::Measured;
using findings::StoredRun;
using Json = nlohmann::ordered_json;

constexpr std::int32_t kNone = -1;

std::int32_t or_none(const std::optional<std::int64_t>& value) {
  return value ? static_cast<std::int32_t>(*value) : kNone;
}

Json network_json(const store::Store& store, const StoredRun& run) {
  Json json = {{"classes", Json::array()},
               {"blocks", Json::array()},
               {"layers", Json::array()},
               {"points", Json::array()},
               {"segments", Json::array()}};
  for (const auto& row : store.read<store::ClassRow>()) json["classes"].push_back(row.label);
  for (const auto& row : run.blocks) json["blocks"].push_back(row.name);
  for (const auto& row : run.layers) json["layers"].push_back({{"name", row.name}, {"block", row.block}});
  for (const auto& row : run.points) {
    json["points"].push_back({{"name", row.name},
                              {"kind", row.kind},
                              {"block", row.block},
                              {"layer", row.layer ? Json(*row.layer) : Json(nullptr)}});
  }
  for (const auto& row : run.segments)
    json["segments"].push_back({{"name", row.name}, {"point", row.point ? Json(*row.point) : Json(nullptr)}});
  return json;
}

// Columns over the images of the list.
Json images_json(const StoredRun& run) {
  Json files = Json::array();
  Json status = Json::array();
  std::vector<std::int32_t> numbers, true_classes, predicted;
  std::vector<float> probability;
  for (const store::ImageRow& row : run.images) {
    files.push_back(row.file);
    status.push_back(row.status);
    numbers.push_back(static_cast<std::int32_t>(row.image));
    true_classes.push_back(or_none(row.true_class));
    predicted.push_back(or_none(row.predicted_class));
    probability.push_back(or_nan(row.probability));
  }
  return {{"file", std::move(files)},
          {"status", std::move(status)},
          {"image", packed(numbers)},
          {"true_class", packed(true_classes)},
          {"predicted_class", packed(predicted)},
          {"probability", packed(probability)}};
}

// [images, places] of the perturbed inputs; NaN where there is none.
std::vector<float> responses(const ConditionEvidence& evidence, std::size_t places,
                             std::vector<Measured> KindResponse::*values) {
  std::vector<float> all(evidence.images.size() * places, std::numeric_limits<float>::quiet_NaN());
  for (std::size_t i = 0; i < evidence.images.size(); ++i) {
    const KindResponse* kind = findings::kind_of(evidence.images[i], findings::kAdversarial);
    if (kind == nullptr) continue;
    const std::vector<Measured>& of = kind->*values;
    for (std::size_t place = 0; place < std::min(places, of.size()); ++place)
      all[i * places + place] = or_nan(of[place]);
  }
  return all;
}

// By method [images, layers].
Json distraction_json(const ConditionEvidence& evidence, std::size_t layers) {
  Json json = Json::object();
  for (const std::string& method : findings::methods_in(evidence)) {
    std::vector<float> all(evidence.images.size() * layers, std::numeric_limits<float>::quiet_NaN());
    for (std::size_t i = 0; i < evidence.images.size(); ++i) {
      const KindResponse* kind = findings::kind_of(evidence.images[i], findings::kAdversarial);
      if (kind == nullptr) continue;
      const auto maps = kind->maps.find(method);
      if (maps == kind->maps.end()) continue;
      for (std::size_t layer = 0; layer < std::min(layers, maps->second.size()); ++layer)
        all[i * layers + layer] = or_nan(maps->second[layer].distraction);
    }
    json[method] = packed(all);
  }
  return json;
}

std::int32_t outcome_of(const store::AttackRow& attack) {
  if (!attack.made) return 0;
  if (!attack.success) return 1;
  return attack.success_rounded ? 3 : 2;
}

Json compromise_json(const StoredRun& run, const ConditionEvidence& evidence) {
  const findings::Compromise compromise = findings::find_compromised(run, evidence);
  if (compromise.images.empty()) return nullptr;
  std::vector<std::int32_t> onset, blocks;
  for (const findings::ImageCompromise& image : compromise.images) {
    onset.push_back(image.onset ? static_cast<std::int32_t>(*image.onset) : kNone);
    std::uint32_t bits = 0;
    for (std::size_t b = 0; b < std::min<std::size_t>(image.blocks.size(), 31); ++b)
      bits |= image.blocks[b] ? std::uint32_t{1} << b : 0U;
    blocks.push_back(static_cast<std::int32_t>(bits));
  }
  return {{"onset", packed(onset)}, {"blocks", packed(blocks)}};
}

Json condition_json(const StoredRun& run, const ConditionEvidence& evidence) {
  const store::ConditionRow& row = evidence.condition;
  std::vector<std::int32_t> images, outcomes, other_class;
  std::vector<float> critical, linf, l2;
  for (const ImageEvidence& image : evidence.images) {
    images.push_back(static_cast<std::int32_t>(image.image));
    outcomes.push_back(outcome_of(image.attack));
    other_class.push_back(or_none(image.attack.other_class));
    critical.push_back(or_nan(image.attack.critical_eps));
    linf.push_back(static_cast<float>(image.attack.linf));
    l2.push_back(static_cast<float>(image.attack.l2));
  }
  return {{"condition", row.condition},
          {"name", row.name},
          {"attack_number", row.attack_number},
          {"attack", row.attack},
          {"settings", Json::parse(row.settings, nullptr, false)},
          {"regime", row.regime},
          {"eps", row.eps ? Json(*row.eps) : Json(nullptr)},
          {"eps_in_255ths", findings::eps_in_255ths(row)},
          {"image", packed(images)},
          {"outcome", packed(outcomes)},
          {"other_class", packed(other_class)},
          {"critical_eps", packed(critical)},
          {"linf", packed(linf)},
          {"l2", packed(l2)},
          {"log_excess", packed(responses(evidence, run.points.size(), &KindResponse::log_excess))},
          {"step", packed(responses(evidence, run.points.size(), &KindResponse::step))},
          {"alignment", packed(responses(evidence, run.points.size(), &KindResponse::alignment))},
          {"contribution", packed(responses(evidence, run.segments.size(), &KindResponse::contribution))},
          {"share", packed(responses(evidence, run.blocks.size() + 1, &KindResponse::shares))},
          {"distraction", distraction_json(evidence, run.layers.size())},
          {"compromise", compromise_json(run, evidence)}};
}

Json exemplars_json(const store::Store& store, const StoredRun& run, const ConditionEvidence& evidence,
                    const ExemplarCounts& counts) {
  Json list = Json::array();
  for (const Exemplar& exemplar : choose_exemplars(run, evidence, counts)) {
    const std::int64_t image = evidence.images[exemplar.place].image;
    Json inputs = gallery_inputs(store, image, evidence.condition.condition);
    if (inputs.empty()) continue;
    list.push_back({{"image", image}, {"reasons", exemplar.reasons}, {"inputs", std::move(inputs)}});
  }
  return list;
}

// Every image that has pictures, those chosen by rule with their reasons; what is fetched later is left out.
Json all_images_json(const store::Store& store, const StoredRun& run, const ConditionEvidence& evidence,
                     const ExemplarCounts& counts) {
  std::map<std::int64_t, std::vector<std::string>> reasons;
  for (Exemplar& exemplar : choose_exemplars(run, evidence, counts))
    reasons[evidence.images[exemplar.place].image] = std::move(exemplar.reasons);
  Json list = Json::array();
  for (ListedInputs& listed : listed_inputs(store, evidence.condition.condition)) {
    // A clean picture alone has nothing to be compared with.
    if (listed.inputs.size() < 2) continue;
    const auto chosen = reasons.find(listed.image);
    list.push_back({{"image", listed.image},
                    {"reasons", chosen == reasons.end() ? Json::array() : Json(chosen->second)},
                    {"inputs", std::move(listed.inputs)}});
  }
  return list;
}

Json pictures_json(const store::Store& store, const StoredRun& run, const ConditionEvidence& evidence,
                   const PayloadOptions& options) {
  switch (options.pictures) {
    case Pictures::left_out:
      break;
    case Pictures::of_exemplars:
      return exemplars_json(store, run, evidence, options.exemplars);
    case Pictures::on_demand:
      return all_images_json(store, run, evidence, options.exemplars);
  }
  return Json::array();
}

Json payload_within(const store::Store& store, const PayloadOptions& options) {
  const StoredRun run = findings::read_run(store);
  const std::vector<store::ConditionRow> rows = findings::model_conditions(run);
  const std::size_t primary = rows.empty() ? 0 : findings::primary_condition(rows);
  Json conditions = Json::array();
  Json pictures = Json::array();
  const auto visit = [&](const ConditionEvidence& evidence) {
    if (conditions.size() == primary) pictures = pictures_json(store, run, evidence, options);
    conditions.push_back(condition_json(run, evidence));
  };
  const findings::Summary summary = findings::summarise(run, findings::loader(store, run), visit);
  Json json = {{"version", 1}};
  json["summary"] = findings::to_json(summary);
  json["configuration"] = Json::parse(run.run.configuration, nullptr, false);
  json["network"] = network_json(store, run);
  json["images"] = images_json(run);
  json["primary"] = primary;
  json["on_demand"] = options.pictures == Pictures::on_demand;
  json["conditions"] = std::move(conditions);
  json["exemplar_rule"] = rule_in_words(options.exemplars);
  json["exemplars"] = std::move(pictures);
  return json;
}

}  // namespace

Json study_payload(store::Store& store, const PayloadOptions& options) {
  store.begin();
  try {
    Json json = payload_within(store, options);
    store.roll_back();
    return json;
  } catch (...) {
    store.roll_back();
    throw;
  }
}

}  // namespace faultline::report
