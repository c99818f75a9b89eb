#pragma once

namespace onnx {
class ModelProto;
}

namespace faultline::formats {

// Pads doc_strings with blanks, so that in the serialised model the values of every initialiser (raw_data
// only) begin at a multiple of 64 bytes: such a file's weights are used where they lie (MappedFile).
void align_weights(onnx::ModelProto& model);

}  // namespace faultline::formats
