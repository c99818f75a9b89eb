#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/mapped_file.h"
#include "formats/onnx/literal.h"

namespace faultline::formats {

// An ONNX file as plain data, before anything in it is understood. Only parse_onnx.cc and onnx_export.cc know
// protobuf.

struct OnnxAttribute {
  enum class Kind { integer, real, text, integers, reals, tensor, other };
  Kind kind = Kind::other;
  std::int64_t integer = 0;
  float real = 0;
  std::string text;
  std::vector<std::int64_t> integers;
  std::vector<float> reals;
  std::shared_ptr<const Literal> tensor;
};

struct OnnxNode {
  std::string name;  // may be empty, need not be unique
  std::string op;
  std::string domain;                // "" for ONNX's own
  std::vector<std::string> inputs;   // "" where an optional one is left out
  std::vector<std::string> outputs;  // the same
  std::map<std::string, OnnxAttribute, std::less<>> attributes;
};

// A graph input or output. An extent is missing where it is symbolic; `extents` is missing where the rank is
// not given.
struct OnnxValueInfo {
  std::string name;
  std::string type;  // "float", ..., "sequence"
  std::optional<std::vector<std::optional<std::int64_t>>> extents;
};

struct OnnxModel {
  std::string producer;
  std::int64_t opset = 0;  // of ONNX's own domain; 0 if the file names none
  std::vector<OnnxNode> nodes;
  std::map<std::string, std::shared_ptr<const Literal>, std::less<>> initializers;
  std::vector<OnnxValueInfo> inputs;
  std::vector<OnnxValueInfo> outputs;
  std::vector<std::shared_ptr<const MappedFile>> files;  // that initialisers may lie in
};

// A serialised ModelProto. With a file, whose bytes these are, initialisers stay where they lie in it; else
// they are copied.
struct OnnxBytes {
  std::string_view content;
  std::shared_ptr<const MappedFile> file = nullptr;
};

// Parses a serialised ModelProto; initialisers stored outside are read from `folder` (refused if that is
// empty). Throws Error{model} if the bytes are no ONNX model, an initialiser's data do not fit its extents,
// an external file is missing, too short or outside the folder, a name is defined twice, or a count is
// absurd.
OnnxModel parse_onnx(const OnnxBytes& bytes, const std::filesystem::path& folder);

}  // namespace faultline::formats
