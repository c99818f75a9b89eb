#include "oracles/stored.h"

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "tensor/npy.h"

namespace faultline::oracles {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// One folder of stored values and the index that names its files.
struct Folder {
  fs::path path;
  json index;

  explicit Folder(const std::string& name)
      : path(fs::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles" / name),
        index(json::parse(read_file(path / "index.json"))) {}

  DoubleTensor array(const std::string& file) const { return read_npy_double(path / file); }
};

std::optional<double> figure(const json& entry, const std::string& key) {
  const json& value = entry.at(key);
  return value.is_null() ? std::optional<double>() : value.get<double>();
}

StoredTensor stored(DoubleTensorView positions, DoubleTensorView values, const json& norm, const json& sum) {
  return {.positions = DoubleTensor(positions),
          .values = DoubleTensor(values),
          .norm = norm.get<double>(),
          .sum = sum.get<double>()};
}

std::vector<StoredTensor> heatmaps(const Folder& folder, const json& layer, const json& entry) {
  const DoubleTensor values = folder.array(entry.at("heatmaps"));
  const DoubleTensor positions =
      layer.contains("heatmap_positions") ? folder.array(layer.at("heatmap_positions")) : DoubleTensor();
  std::vector<StoredTensor> maps;
  for (std::size_t method = 0; method < folder.index.at("methods").size(); ++method) {
    maps.push_back(stored(positions, values.row(static_cast<std::int64_t>(method)),
                          entry.at("heatmap_norms")[method], entry.at("heatmap_sums")[method]));
  }
  return maps;
}

std::vector<StoredLayer> layers(const Folder& folder, const json& image) {
  const DoubleTensor positions = folder.array("positions.npy");
  const std::string name = image.at("folder");
  const DoubleTensor activations = folder.array(name + "/activations.npy");
  const DoubleTensor gradients = folder.array(name + "/gradients.npy");
  std::vector<StoredLayer> result;
  for (std::size_t i = 0; i < image.at("layers").size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const json& entry = image.at("layers")[i];
    result.push_back({.name = entry.at("name"),
                      .activation = stored(positions.row(row), activations.row(row),
                                           entry.at("activation_norm"), entry.at("activation_sum")),
                      .gradient = stored(positions.row(row), gradients.row(row), entry.at("gradient_norm"),
                                         entry.at("gradient_sum")),
                      .heatmaps = heatmaps(folder, folder.index.at("layers")[i], entry)});
  }
  return result;
}

StoredImage stored_image(const Folder& folder, const json& image) {
  const std::string name = image.at("folder");
  return {.name = name,
          .input = folder.path / name / "input.png",
          .class_index = image.at("class_index"),
          .logits = folder.array(name + "/logits.npy"),
          .image_gradient =
              stored(folder.array("image_positions.npy"), folder.array(name + "/image_gradient.npy"),
                     image.at("image_gradient_norm"), image.at("image_gradient_sum")),
          .layers = layers(folder, image)};
}

StoredConcentration concentration(const json& entry) {
  return {.entropy = figure(entry, "entropy"),
          .gini = figure(entry, "gini"),
          .half_mass_cells = entry.at("half_mass_cells")};
}

StoredAttack stored_attack(const Folder& folder, const json& entry) {
  return {.name = entry.at("name"),
          .norm = entry.at("norm"),
          .eps = entry.at("eps"),
          .steps = entry.at("steps"),
          .step_size = entry.at("step_size"),
          .targeted = entry.at("targeted"),
          .iterates = folder.array(entry.at("iterates")),
          .logits = folder.array(entry.at("logits")),
          .prediction = entry.at("prediction")};
}

}  // namespace

StoredModel stored_model(const std::string& name) {
  const Folder folder(name);
  StoredModel model{.model = fs::path(FAULTLINE_SOURCE_DIR) / folder.index.at("model").get<std::string>(),
                    .methods = folder.index.at("methods"),
                    .images = {}};
  for (const json& image : folder.index.at("images")) model.images.push_back(stored_image(folder, image));
  return model;
}

HeatmapCases heatmap_cases() {
  const Folder folder("heatmaps");
  HeatmapCases result{.methods = folder.index.at("methods"), .cases = {}};
  for (const json& entry : folder.index.at("cases")) {
    result.cases.push_back({.name = entry.at("name"),
                            .activation_gradient = folder.array(entry.at("activation_gradient")),
                            .expected = folder.array(entry.at("expected"))});
  }
  return result;
}

AttackCases attack_cases() {
  const Folder folder("tiny");
  const json& index = folder.index;
  AttackCases result{.model = folder.path / index.at("model").get<std::string>(),
                     .images = read_npy(folder.path / index.at("images").get<std::string>()),
                     .logits = folder.array(index.at("logits")),
                     .gradient = folder.array(index.at("gradient")),
                     .cross_entropy = index.at("cross_entropy"),
                     .label = index.at("label"),
                     .target = index.at("target"),
                     .attacks = {}};
  for (const json& entry : index.at("attacks")) result.attacks.push_back(stored_attack(folder, entry));
  return result;
}

CompareCases compare_cases(const std::vector<std::string>& distances) {
  const Folder folder("compare");
  CompareCases result;
  for (const json& entry : folder.index.at("maps")) {
    std::vector<std::optional<double>> values;
    for (const std::string& name : distances) values.push_back(figure(entry, name));
    result.maps.push_back({.name = entry.at("name"),
                           .maps = folder.array(entry.at("maps")),
                           .distances = values,
                           .clean = concentration(entry.at("clean")),
                           .other = concentration(entry.at("other"))});
  }
  for (const json& entry : folder.index.at("deviations")) {
    result.deviations.push_back(
        {.activations = read_npy(folder.path / entry.at("activations").get<std::string>()),
         .deviation = figure(entry, "deviation")});
  }
  return result;
}

}  // namespace faultline::oracles
