#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "heatmap/score.h"
#include "study/engine_json.h"
#include "study/study_run.h"

namespace faultline::study {

using Json = nlohmann::ordered_json;

namespace {

Json by_name(const std::vector<Settings>& list) {
  Json json = Json::object();
  for (const Settings& each : list) json[each.name()] = each.json();
  return json;
}

// The same attack may take part with several settings.
Json attacks_json(const std::vector<StudiedAttack>& attacks) {
  Json json = Json::array();
  for (const StudiedAttack& each : attacks)
    json.push_back({{"name", each.attack.name()}, {"settings", each.attack.json()}});
  return json;
}

Json shard_json(const Shard& shard) {
  return {{"index", shard.index}, {"count", shard.count}};
}

// Invalid UTF-8 in names is replaced, so that no name can end a run.
std::string to_text(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace);
}

Json conditions_json(const StudyJob& job) {
  if (job.given) return {given_condition().row().name};
  Json names = Json::array();
  for (const Condition& condition : conditions_of(job.attacks, 0, 0)) names.push_back(condition.row().name);
  return names;
}

}  // namespace

std::string configuration(const StudyJob& job, const ImageSet& set, const engine::Engine& engine) {
  const AnalysisOptions& analysis = job.options.analysis;
  const CauseOptions& causes = job.options.causes;
  Json methods = Json::array();
  for (const auto& method : analysis.compare.methods) methods.push_back(method.name);
  const Json json = {
      {"faultline", FAULTLINE_VERSION},
      {"model_sha256", job.model.sha256},
      {"preprocessing",
       {{"width", job.model.manifest.input.width}, {"height", job.model.manifest.input.height}}},
      {"blocks", job.model.map.blocks},
      {"engine", engine_json(engine)},
      {"seed", analysis.seed},
      {"images",
       {{"listed", set.size()},
        {"list_sha256", set.list_hash()},
        {"limit", job.limit ? Json(*job.limit) : Json(nullptr)},
        {"misclassified_too", job.misclassified_too}}},
      {"attacks", job.given ? Json(nullptr) : attacks_json(job.attacks)},
      {"conditions", conditions_json(job)},
      {"controls", by_name(analysis.controls)},
      {"heatmaps", std::move(methods)},
      {"score", analysis.compare.score.name},
      {"metrics", by_name(analysis.metrics)},
      {"pixels", analysis.round_to_8bit ? "8bit" : "float"},
      {"causes",
       {{"gates", causes.gates},
        {"dose", causes.dose},
        {"direction", causes.direction},
        {"subset", causes.subset},
        {"restore", causes.restore},
        {"branches", causes.branches},
        {"fine", causes.fine}}},
      {"detection", job.options.detection ? Json{{"copies", job.options.detection_options.copies},
                                                 {"noise", job.options.detection_options.noise}}
                                          : Json(nullptr)},
      {"pictures", job.options.pictures},
      {"twins",
       {{"count", job.twins.count}, {"images", job.twins.images}, {"measured_on", job.twins.measured_on}}},
      {"shard", shard_json(job.shard)}};
  return to_text(json);
}

WholeStudy whole_study(const std::string& shard_configuration) {
  try {
    Json json = Json::parse(shard_configuration);
    json.at("shard") = shard_json({});
    const Json& images = json.at("images");
    const auto listed = images.at("listed").get<std::int64_t>();
    const Json& limit = images.at("limit");
    return {to_text(json), limit.is_null() ? listed : std::min(listed, limit.get<std::int64_t>())};
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::io, std::string("a run's configuration is not that of a study: ") + error.what());
  }
}

}  // namespace faultline::study
