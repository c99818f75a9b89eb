#include "formats/onnx/align_weights.h"

#include <google/protobuf/io/coded_stream.h>
#include <onnx/onnx_pb.h>

#include <string>

namespace faultline::formats {

namespace {

constexpr std::size_t kAlignment = 64;

std::size_t varint_size(std::size_t value) {
  return google::protobuf::io::CodedOutputStream::VarintSize64(value);
}

// A field of a tag below 16 and its length.
std::size_t field_size(std::size_t content) {
  return 1 + varint_size(content) + content;
}

// Fields are written in the order of their numbers. Of a graph, those before its initialisers:
std::size_t size_before_initializers(const onnx::GraphProto& graph) {
  std::size_t size = graph.has_name() ? field_size(graph.name().size()) : 0;
  for (const auto& node : graph.node()) size += field_size(node.ByteSizeLong());
  return size;
}

// From the beginning of an initialiser's field to its values; doc_string is all that follows them.
std::size_t size_before_values(const onnx::TensorProto& tensor) {
  const std::size_t after = tensor.has_doc_string() ? field_size(tensor.doc_string().size()) : 0;
  return field_size(tensor.ByteSizeLong()) - after - tensor.raw_data().size();
}

// The size of the model up to its graph's content.
std::size_t size_before_graph(const onnx::ModelProto& model) {
  onnx::ModelProto before;
  before.set_ir_version(model.ir_version());
  before.set_producer_name(model.producer_name());
  before.set_doc_string(model.doc_string());
  return before.ByteSizeLong() + 1 + varint_size(model.graph().ByteSizeLong());
}

// Moves the first initialiser whose values are misaligned. False if there is none.
bool align_one(onnx::ModelProto& model) {
  std::size_t offset = size_before_graph(model) + size_before_initializers(model.graph());
  std::string* space_before = model.mutable_doc_string();
  for (onnx::TensorProto& tensor : *model.mutable_graph()->mutable_initializer()) {
    const std::size_t beyond = (offset + size_before_values(tensor)) % kAlignment;
    if (beyond != 0) {
      space_before->resize((space_before->size() + kAlignment - beyond) % kAlignment, ' ');
      return true;
    }
    offset += field_size(tensor.ByteSizeLong());
    space_before = tensor.mutable_doc_string();
  }
  return false;
}

}  // namespace

void align_weights(onnx::ModelProto& model) {
  // Present from the start, with a length of one byte: to grow them adds as many bytes as blanks.
  model.set_doc_string("");
  for (onnx::TensorProto& tensor : *model.mutable_graph()->mutable_initializer()) tensor.set_doc_string("");
  // Padding may lengthen the lengths of what it is in, and so misalign an earlier one: rarely, and then once.
  const int most = 4 * model.graph().initializer_size() + 8;
  for (int i = 0; i < most && align_one(model); ++i) continue;
}

}  // namespace faultline::formats
