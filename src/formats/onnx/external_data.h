#pragma once

#include <filesystem>
#include <span>
#include <string>

namespace faultline::formats {

// Where an ONNX tensor's data lie when they are kept outside the model, as the file writes it.
struct ExternalLocation {
  std::string tensor;  // for messages
  std::string file;    // relative to the model's folder
  std::string offset;  // decimal, empty = 0
  std::string length;  // decimal, empty = as many bytes as the tensor needs
};

// Throws Error{model} unless the file lies below `folder` (symbolic links followed), and holds `bytes` bytes
// at the offset. Called before the memory for them is taken.
void check_external_data(const ExternalLocation& where, const std::filesystem::path& folder,
                         std::size_t bytes);
// Fills `content` from the file. Throws Error{model}, also where check_external_data would.
void read_external_data(const ExternalLocation& where, const std::filesystem::path& folder,
                        std::span<char> content);

}  // namespace faultline::formats
