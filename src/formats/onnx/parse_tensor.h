#pragma once

#include <optional>
#include <string>

#include "formats/onnx/external_data.h"
#include "formats/onnx/literal.h"
#include "formats/onnx/raw_bytes.h"

namespace onnx {
class TensorProto;
}

namespace faultline::formats {

// "float", "float16", "int64", ... for a TensorProto::DataType; "type 99" for an unknown one.
std::string type_name(int data_type);

// Decodes a tensor whose raw_data, if it has any, are given apart from it. float32 values with an owner are
// taken as they lie there if they may. Throws Error{model} naming the tensor.
Literal read_tensor(const onnx::TensorProto& proto, const std::optional<RawBytes>& raw_data,
                    ExternalFiles& external);
// The same of a whole tensor, which is left without its raw_data.
Literal read_tensor(onnx::TensorProto& proto, ExternalFiles& external);

}  // namespace faultline::formats
