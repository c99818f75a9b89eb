#pragma once

#include <filesystem>
#include <string>

#include "formats/onnx/literal.h"

namespace onnx {
class TensorProto;
}

namespace faultline::formats {

// "float", "float16", "int64", ... for a TensorProto::DataType; "type 99" for an unknown one.
std::string type_name(int data_type);

// Decodes a tensor. Inline float32 data are taken over without a copy, so the proto is left without them;
// external data are read from below `folder`. Throws Error{model} naming the tensor.
Literal read_tensor(onnx::TensorProto& proto, const std::filesystem::path& folder);

}  // namespace faultline::formats
