#include "formats/onnx/split_model.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <onnx/onnx_pb.h>

namespace faultline::formats {

namespace {

using google::protobuf::internal::WireFormatLite;

// A field of a serialised message.
struct Field {
  int number = 0;
  std::string_view whole;                   // with its tag
  std::optional<std::string_view> content;  // of a string, bytes or message
};

// Calls visit for each field, in order. False where the bytes are no message.
template <class Visit>
bool visit_fields(std::string_view message, const Visit& visit) {
  google::protobuf::io::CodedInputStream input(reinterpret_cast<const std::uint8_t*>(message.data()),
                                               static_cast<int>(message.size()));
  const auto position = [&] { return static_cast<std::size_t>(input.CurrentPosition()); };
  for (;;) {
    const std::size_t start = position();
    const std::uint32_t tag = input.ReadTag();
    if (tag == 0) return start == message.size();
    Field field;
    field.number = WireFormatLite::GetTagFieldNumber(tag);
    if (WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      int length = 0;
      if (!input.ReadVarintSizeAsInt(&length)) return false;
      const std::size_t begin = position();
      if (!input.Skip(length)) return false;
      field.content = message.substr(begin, static_cast<std::size_t>(length));
    } else if (!WireFormatLite::SkipField(&input, tag)) {
      return false;
    }
    field.whole = message.substr(start, position() - start);
    if (!visit(field)) return false;
  }
}

bool split_initializer(std::string_view bytes, SplitModel::Initializer& initializer) {
  return visit_fields(bytes, [&](const Field& field) {
    if (field.number == onnx::TensorProto::kRawDataFieldNumber && field.content) {
      initializer.raw_data = field.content;
    } else {
      initializer.tensor += field.whole;
    }
    return true;
  });
}

bool split_graph(std::string_view bytes, SplitModel& model) {
  return visit_fields(bytes, [&](const Field& field) {
    if (field.number != onnx::GraphProto::kInitializerFieldNumber || !field.content) {
      model.graph += field.whole;
      return true;
    }
    return split_initializer(*field.content, model.initializers.emplace_back());
  });
}

}  // namespace

std::optional<SplitModel> split_model(std::string_view bytes) {
  SplitModel model;
  const bool complete = visit_fields(bytes, [&](const Field& field) {
    if (field.number != onnx::ModelProto::kGraphFieldNumber || !field.content) {
      model.model += field.whole;
      return true;
    }
    model.has_graph = true;
    return split_graph(*field.content, model);
  });
  return complete ? std::optional(std::move(model)) : std::nullopt;
}

}  // namespace faultline::formats
