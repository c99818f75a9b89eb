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
  const fs::path file = folder_ / "state.json";
  if (!fs::exists(file)) return;
  reading(file, [&] {
    const Json json = Json::parse(read_file(file));
    if (json.at("run").get<std::string>() != run_name_) {
      throw Error(ErrorKind::usage, file.string() + " is of another run, '" +
                                        json.at("run").get<std::string>() + "', not of '" + run_name_ +
                                        "'; remove its folder to begin anew");
    }
    for (const auto& [key, record] : json.at("images").items()) records_[key] = record.dump();
    return true;
  });
}

fs::path AutoAttackStore::image_file(const std::string& key) const {
  return folder_ / (escape_file_name(key) + ".npy");
}

AutoAttackState AutoAttackStore::load(std::span<const std::string> keys) const {
  AutoAttackState state(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto found = records_.find(keys[i]);
    if (found == records_.end()) continue;
    state[i] = reading(folder_ / "state.json",
                       [&] { return image_of(Json::parse(found->second), read_npy(image_file(keys[i]))); });
  }
  return state;
}

void AutoAttackStore::save(std::span<const std::string> keys, const AutoAttackState& state) {
  require(keys.size() == state.size(), "AutoAttackStore: one key an image");
  make_folder(folder_);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (state[i].stages == 0) continue;
    std::string record = to_json(state[i]).dump();
    std::string& stored = records_[keys[i]];
    if (stored == record) continue;
    write_npy(image_file(keys[i]), state[i].attacked.image);
    stored = std::move(record);
  }
  Json images = Json::object();
  for (const auto& [key, record] : records_) images[key] = Json::parse(record);
  const Json json = {{"run", run_name_}, {"images", std::move(images)}};
  write_file(folder_ / "state.json", json.dump(1) + "\n");
}

void AutoAttackStore::remove() {
  std::error_code ignored;  // what cannot be removed does no harm: it is of a finished run
  fs::remove(folder_ / "state.json", ignored);
  for (const auto& [key, record] : records_) fs::remove(image_file(key), ignored);
  fs::remove(folder_, ignored);
  records_.clear();
}

}  // namespace faultline::attack
