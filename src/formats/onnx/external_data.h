#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "formats/mapped_file.h"
#include "formats/onnx/raw_bytes.h"

namespace faultline::formats {

// Where an ONNX tensor's data lie when they are kept outside the model, as the file writes it.
struct ExternalLocation {
  std::string tensor;  // for messages
  std::string file;    // relative to the model's folder
  std::string offset;  // decimal, empty = 0
  std::string length;  // decimal, empty = as many bytes as the tensor needs
};

// The files beside a model that hold tensors of it, mapped once each.
class ExternalFiles {
 public:
  // folder: the model's; empty where the model is not read from one.
  explicit ExternalFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Throws Error{model} unless the file lies below the folder (symbolic links followed), and holds `bytes`
  // bytes at the offset; Error{io} if it cannot be read.
  RawBytes bytes_of(const ExternalLocation& where, std::size_t bytes);

  std::vector<std::shared_ptr<const MappedFile>> files() const;

 private:
  std::filesystem::path folder_;
  std::map<std::filesystem::path, std::shared_ptr<const MappedFile>> files_;
};

}  // namespace faultline::formats
