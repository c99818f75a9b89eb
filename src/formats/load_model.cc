#include "formats/load_model.h"

#include "base/error.h"
#include "base/one_line.h"
#include "base/sha256.h"
#include "formats/onnx_import.h"

namespace faultline::formats {

namespace fs = std::filesystem;

namespace {

// What was found to describe the model, and where, for messages.
struct Description {
  Manifest manifest;
  std::string origin;
  bool has_manifest = false;
};

std::string hash_of(const fs::path& model) {
  try {
    return sha256_hex_of_file(model);
  } catch (const Error& error) {
    throw Error(ErrorKind::model, error.what());
  }
}

Description describe(const fs::path& model, const LoadOptions& options) {
  fs::path file = options.manifest.value_or(fs::path(model).replace_extension(".json"));
  Description result;
  std::error_code ignored;
  result.has_manifest = options.manifest.has_value() || fs::exists(file, ignored);
  if (!result.has_manifest && !options.preset) {
    throw Error(
        ErrorKind::usage,
        model.string() + ": no manifest (" + file.string() +
            " does not exist), and its preprocessing must not be guessed: write one, or give a preset (" +
            preset_names() + ")");
  }
  if (result.has_manifest) {
    result.manifest = read_manifest(file);
    result.origin = file.string();
  } else {
    result.manifest.name = model.stem().string();
  }
  if (!options.preset) return result;
  const ManifestInput sized = result.manifest.input;
  result.manifest.input = preset(*options.preset);
  result.origin = "preset '" + *options.preset + "'";
  if (result.has_manifest) {
    result.manifest.input.width = sized.width;
    result.manifest.input.height = sized.height;
  }
  return result;
}

// A preset speaks of 224 pixels; a model of another size keeps the proportion between resizing and cropping.
void take_size(ManifestInput& input, const Shape& sample) {
  const auto height = static_cast<int>(sample[1]);
  const auto width = static_cast<int>(sample[2]);
  const int side = std::max(height, width);
  input.resize.resize_to = std::max(side, (side * 256 + 112) / 224);
  input.height = height;
  input.width = width;
}

void check_size(const fs::path& path, const Description& description, const Shape& sample) {
  const ManifestInput& input = description.manifest.input;
  if (sample[1] == input.height && sample[2] == input.width) return;
  throw Error(ErrorKind::model, path.string() + ": takes images of " + std::to_string(sample[2]) + " x " +
                                    std::to_string(sample[1]) + ", but " + description.origin + " says " +
                                    std::to_string(input.width) + " x " + std::to_string(input.height));
}

void check_labels(const Description& description, std::int64_t classes) {
  const std::size_t labels = description.manifest.labels.size();
  if (labels == 0 || static_cast<std::int64_t>(labels) == classes) return;
  const std::string key = description.manifest.labels_file.empty() ? "labels" : "labels_file";
  throw Error(ErrorKind::model, description.origin + ": key '" + key + "': got " + std::to_string(labels) +
                                    " labels, expected " + std::to_string(classes) +
                                    ", the model's number of classes");
}

net::NetworkMap map_blocks(const net::Graph& graph, const Description& description) {
  try {
    return net::map_network(graph, description.manifest.blocks);
  } catch (const Error& error) {
    if (description.manifest.blocks.empty()) throw;
    throw Error(error.kind(), one_line(description.origin + ": key 'blocks': " + error.what()));
  }
}

void check_normalised_once(const fs::path& path, const ImportedModel& model, const Description& description) {
  if (!model.normalizing_node || description.manifest.input.is_identity()) return;
  throw Error(
      ErrorKind::model,
      path.string() + ": node '" + *model.normalizing_node + "' normalises the input already, and " +
          description.origin +
          " would do it a second time: use the preset 'none', or a manifest with scale 1, mean 0 and std 1");
}

}  // namespace

void Model::check_unchanged() const {
  for (const auto& file : files) file->check_unchanged();
}

void Model::require_logits(const std::string& purpose) const {
  if (!gives_logits)
    throw Error(ErrorKind::model,
                manifest.name + ": " + purpose + " needs logits, but the model ends in probabilities");
  if (classes < 2)
    throw Error(ErrorKind::model,
                manifest.name + ": " + purpose + " needs at least 2 classes, got " + std::to_string(classes));
}

Model load_model(const fs::path& path, const LoadOptions& options) {
  const std::string hash = hash_of(path);
  Description description = describe(path, options);
  ManifestInput& input = description.manifest.input;
  ImportedModel imported = read_onnx(path, {.input_size = {{input.height, input.width}}});
  const Shape sample = std::get<net::Input>(imported.graph.node(imported.graph.input()).op).sample_shape;
  if (options.preset) take_size(input, sample);
  check_size(path, description, sample);
  check_normalised_once(path, imported, description);

  Model model;
  model.graph = net::with_preprocessing(imported.graph, input.normalize());
  model.classes =
      imported.graph.infer_shapes(1)[static_cast<std::size_t>(imported.graph.output())].elements();
  check_labels(description, model.classes);
  model.map = map_blocks(model.graph, description);
  model.manifest = std::move(description.manifest);
  model.notes = std::move(imported.notes);
  model.sha256 = hash;
  model.opset = imported.opset;
  model.producer = std::move(imported.producer);
  model.gives_logits = imported.gives_logits;
  model.parameters = parameter_count(imported.graph);
  model.files = std::move(imported.files);
  return model;
}

}  // namespace faultline::formats
