#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "net/graph.h"

namespace faultline::formats {

struct ExportOptions {
  std::string graph_name = "faultline";
  std::string output_name = "logits";
};

// Writes a network as ONNX: opset 13, float32 weights inline, batch dimension "N", nodes under their own
// names. A Normalize node is left out, as the manifest holds what it does. Atomic: the file is complete or
// absent. read_onnx gives a network back that computes the same. Throws Error{io} if it cannot be written;
// Error{model} if it would exceed 2 GiB, which is as much as ONNX can hold in one file.
void write_onnx(const net::Graph& graph, const std::filesystem::path& path,
                const ExportOptions& options = {});

}  // namespace faultline::formats
