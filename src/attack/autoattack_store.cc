#include "attack/autoattack_store.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "tensor/npy.h"

namespace faultline::attack {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

Json to_json(const Verdict& verdict) {
  return {{"predicted", verdict.predicted},
          {"success", verdict.success},
          {"loss", verdict.loss},
          {"score", verdict.score}};
}

Verdict verdict(const Json& json) {
  return {.predicted = json.at("predicted"),
          .success = json.at("success"),
          .loss = json.at("loss"),
          .score = json.at("score")};
}

Json to_json(const AutoAttackImage& image) {
  const AttackedImage& attacked = image.attacked;
  return {{"stages", image.stages},
          {"label", attacked.aim.label},
          {"clean", to_json(attacked.clean)},
          {"adversarial", to_json(attacked.adversarial)},
          {"rounded", to_json(attacked.rounded)},
          {"linf", attacked.linf},
          {"l2", attacked.l2},
          {"steps", attacked.steps},
          {"stage", attacked.restart},
          {"forward_passes", attacked.forward_passes},
          {"backward_passes", attacked.backward_passes}};
}

AutoAttackImage image_of(const Json& json, Tensor point) {
  return {.stages = json.at("stages"),
          .attacked = {.image = std::move(point),
                       .aim = {.label = json.at("label")},
                       .clean = verdict(json.at("clean")),
                       .adversarial = verdict(json.at("adversarial")),
                       .rounded = verdict(json.at("rounded")),
                       .linf = json.at("linf"),
                       .l2 = json.at("l2"),
                       .steps = json.at("steps"),
                       .restart = json.at("stage"),
                       .forward_passes = json.at("forward_passes"),
                       .backward_passes = json.at("backward_passes")}};
}

constexpr const char* kRunFile = "run.json";

// What is read was written by an earlier run, or by anyone.
template <class Read>
auto reading(const fs::path& file, const Read& read) {
  try {
    return read();
  } catch (const Json::exception&) {
    throw Error(ErrorKind::io,
                file.string() + ": not a state of autoattack; remove its folder to begin anew");
  }
}

}  // namespace

AutoAttackStore::AutoAttackStore(fs::path folder, std::string run_name)
    : folder_(std::move(folder)), run_name_(std::move(run_name)) {
  const fs::path file = folder_ / kRunFile;
  if (!fs::exists(file)) return;
  const std::string found =
      reading(file, [&] { return Json::parse(read_file(file)).at("run").get<std::string>(); });
  if (found == run_name_) return;
  throw Error(ErrorKind::usage, file.string() + " is of another run, '" + found + "', not of '" + run_name_ +
                                    "'; remove its folder to begin anew");
}

fs::path AutoAttackStore::file_of(const std::string& key, const char* extension) const {
  return folder_ / (escape_file_name(key) + extension);
}

AutoAttackState AutoAttackStore::load(std::span<const std::string> keys) {
  saved_.clear();
  AutoAttackState state(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const fs::path file = file_of(keys[i], ".json");
    if (!fs::exists(file)) continue;
    const std::string record = read_file(file);
    state[i] =
        reading(file, [&] { return image_of(Json::parse(record), read_npy(file_of(keys[i], ".npy"))); });
    saved_[keys[i]] = record;
  }
  return state;
}

void AutoAttackStore::save(std::span<const std::string> keys, const AutoAttackState& state) {
  require(keys.size() == state.size(), "AutoAttackStore: one key an image");
  make_folder(folder_);
  if (!fs::exists(folder_ / kRunFile))
    write_file(folder_ / kRunFile, Json{{"run", run_name_}}.dump(1) + "\n");
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (state[i].stages == 0) continue;
    std::string record = to_json(state[i]).dump(1) + "\n";
    std::string& saved = saved_[keys[i]];
    if (saved == record) continue;
    write_npy(file_of(keys[i], ".npy"), state[i].attacked.image);
    write_file(file_of(keys[i], ".json"), record);
    saved = std::move(record);
  }
}

void AutoAttackStore::remove(std::span<const std::string> keys) {
  std::error_code ignored;  // what cannot be removed does no harm: it is of a finished run
  for (const std::string& key : keys) {
    fs::remove(file_of(key, ".json"), ignored);
    fs::remove(file_of(key, ".npy"), ignored);
  }
  fs::remove(folder_ / kRunFile, ignored);
  fs::remove(folder_, ignored);
  saved_.clear();
}

}  // namespace faultline::attack
