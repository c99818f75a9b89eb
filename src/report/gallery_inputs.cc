#include "report/gallery_inputs.h"

#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/base64.h"

namespace faultline::report {

namespace {

using Json = nlohmann::ordered_json;

}  // namespace

Json picture_json(const store::PictureRow& row) {
  return {{"webp", base64(row.webp)},
          {"scale", row.scale ? Json(*row.scale) : Json(nullptr)},
          {"maps", Json::array()}};
}

Json map_json(const store::MapRow& row) {
  return {{"layer", row.layer}, {"method", row.method}, {"height", row.height},
          {"width", row.width}, {"scale", row.scale},   {"values", base64(row.values)}};
}

Json input_numbers(const store::InputRow& row) {
  return {{"kind", row.kind},
          {"predicted_class", row.predicted_class},
          {"probability", row.probability},
          {"clean_class_probability", row.clean_class_probability},
          {"margin", row.margin},
          {"l2", row.l2},
          {"linf", row.linf}};
}

Json gallery_inputs(const store::Store& store, std::int64_t image, std::int64_t condition) {
  const std::array<std::int64_t, 2> key = {image, condition};
  constexpr std::string_view kWhere = "image = ? AND condition = ?";
  std::map<std::int64_t, Json> inputs;
  for (const auto& row : store.read<store::PictureRow>(kWhere, key)) inputs[row.input] = picture_json(row);
  for (const auto& row : store.read<store::MapRow>(kWhere, key)) {
    const auto found = inputs.find(row.input);
    if (found != inputs.end()) found->second["maps"].push_back(map_json(row));
  }
  for (const auto& row : store.read<store::InputRow>(kWhere, key)) {
    const auto found = inputs.find(row.input);
    if (found != inputs.end()) found->second.update(input_numbers(row));
  }
  Json list = Json::array();
  for (auto& [input, json] : inputs) list.push_back(std::move(json));
  return list;
}

std::vector<ListedInputs> listed_inputs(const store::Store& store, std::int64_t condition) {
  const std::array<std::int64_t, 1> key = {condition};
  std::set<std::pair<std::int64_t, std::int64_t>> pictured;  // image, input
  for (const auto& of : store.read_keys<store::PictureRow>("condition = ?", key))
    pictured.emplace(of[0], of[2]);
  std::vector<ListedInputs> list;
  const auto visit = [&](const store::InputRow& row) {
    if (!pictured.contains({row.image, row.input})) return;
    if (list.empty() || list.back().image != row.image) list.push_back({row.image, Json::array()});
    Json json = {{"webp", ""}, {"scale", nullptr}, {"maps", Json::array()}};
    json.update(input_numbers(row));
    list.back().inputs.push_back(std::move(json));
  };
  store.for_each<store::InputRow>(visit, "condition = ?", key);
  return list;
}

}  // namespace faultline::report
