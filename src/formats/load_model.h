#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/manifest.h"
#include "formats/mapped_file.h"
#include "net/graph.h"

namespace faultline::formats {

struct LoadOptions {
  std::optional<std::filesystem::path> manifest = std::nullopt;  // default: model.json beside model.onnx
  // Takes the place of the manifest's preprocessing (its labels and blocks stay); needed if there is no
  // manifest.
  std::optional<std::string> preset = std::nullopt;
};

// A network that is ready for use: pixels [N,3,height,width] in [0,1], RGB -> logits [N,K].
struct Model {
  net::Graph graph;     // with the Normalize node
  net::NetworkMap map;  // its layers, points and blocks; the blocks are the manifest's where it names some
  Manifest manifest;
  std::vector<std::string> notes;  // what the import changed, in words
  std::string sha256;              // of the model file
  std::int64_t opset = 0;
  std::string producer;
  bool gives_logits = true;  // see ImportedModel
  std::int64_t classes = 0;  // K
  std::int64_t parameters = 0;

  // That weights lie in, where they were mapped instead of copied.
  std::vector<std::shared_ptr<const MappedFile>> files;

  // Throws Error{io} if one of them was written to meanwhile: to be called before results are recorded.
  void check_unchanged() const;
  // Throws Error{model} saying what `purpose` ("attack") needs, unless the model gives logits of
  // at least two classes.
  void require_logits(const std::string& purpose) const;
};

// Reads a model and its manifest and joins them.
// Throws Error{usage} if there is neither manifest nor preset, or no such preset; Error{model} if a file
// cannot be read or manifest and network do not fit: another input size, another number of labels, a network
// that normalises already; and what read_onnx and read_manifest throw.
Model load_model(const std::filesystem::path& path, const LoadOptions& options = {});

}  // namespace faultline::formats
