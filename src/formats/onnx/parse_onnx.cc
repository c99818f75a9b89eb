#include <google/protobuf/stubs/logging.h>
#include <onnx/onnx_pb.h>

#include "base/error.h"
#include "formats/onnx/onnx_model.h"
#include "formats/onnx/parse_tensor.h"
#include "formats/onnx/refuse.h"
#include "formats/onnx/split_model.h"

namespace faultline::formats {

namespace {

// A graph beyond this is no image classifier; looking up names one by one stays quick below it.
constexpr int kMaxNodes = 20'000;

OnnxAttribute read_attribute(onnx::AttributeProto& proto, ExternalFiles& external) {
  using Kind = OnnxAttribute::Kind;
  OnnxAttribute result;
  switch (proto.type()) {
    case onnx::AttributeProto::INT:
      result.kind = Kind::integer;
      break;
    case onnx::AttributeProto::FLOAT:
      result.kind = Kind::real;
      break;
    case onnx::AttributeProto::STRING:
      result.kind = Kind::text;
      break;
    case onnx::AttributeProto::INTS:
      result.kind = Kind::integers;
      break;
    case onnx::AttributeProto::FLOATS:
      result.kind = Kind::reals;
      break;
    case onnx::AttributeProto::TENSOR:
      result.kind = Kind::tensor;
      break;
    default:
      return result;
  }
  result.integer = proto.i();
  result.real = proto.f();
  result.text = proto.s();
  result.integers.assign(proto.ints().begin(), proto.ints().end());
  result.reals.assign(proto.floats().begin(), proto.floats().end());
  if (result.kind == Kind::tensor) {
    result.tensor = std::make_shared<const Literal>(read_tensor(*proto.mutable_t(), external));
  }
  return result;
}

OnnxNode read_node(onnx::NodeProto& proto, ExternalFiles& external) {
  OnnxNode node;
  node.name = proto.name();
  node.op = proto.op_type();
  node.domain = proto.domain() == "ai.onnx" ? "" : proto.domain();
  node.inputs.assign(proto.input().begin(), proto.input().end());
  node.outputs.assign(proto.output().begin(), proto.output().end());
  for (onnx::AttributeProto& attribute : *proto.mutable_attribute()) {
    if (!node.attributes.emplace(attribute.name(), read_attribute(attribute, external)).second) {
      refuse("node '" + node.name + "' (" + node.op + ") has the attribute '" + attribute.name() + "' twice");
    }
  }
  return node;
}

OnnxValueInfo read_value_info(const onnx::ValueInfoProto& proto) {
  OnnxValueInfo info;
  info.name = proto.name();
  if (!proto.type().has_tensor_type()) {
    info.type = "not a tensor";
    return info;
  }
  const auto& tensor = proto.type().tensor_type();
  info.type = type_name(tensor.elem_type());
  if (!tensor.has_shape()) return info;
  info.extents.emplace();
  for (const auto& dim : tensor.shape().dim()) {
    // Some exporters write a symbolic extent as 0 or -1.
    const bool literal = dim.has_dim_value() && dim.dim_value() > 0;
    info.extents->push_back(literal ? std::optional(dim.dim_value()) : std::nullopt);
  }
  return info;
}

[[noreturn]] void refuse_bytes(std::size_t size) {
  refuse("not an ONNX model, or a truncated one (" + std::to_string(size) + " bytes do not parse)");
}

template <class Message>
Message parse(const std::string& bytes, std::size_t model_size) {
  const google::protobuf::LogSilencer quiet;  // the error says it
  Message message;
  if (!message.ParseFromString(bytes)) refuse_bytes(model_size);
  return message;
}

void add_initializer(const std::string& name, Literal literal, OnnxModel& model) {
  if (name.empty()) refuse("an initialiser has no name");
  if (!model.initializers.emplace(name, std::make_shared<const Literal>(std::move(literal))).second) {
    refuse("the initialiser '" + name + "' is there twice");
  }
}

void read_initializers(const SplitModel& split, const onnx::GraphProto& graph, const OnnxBytes& bytes,
                       ExternalFiles& external, OnnxModel& model) {
  for (const SplitModel::Initializer& each : split.initializers) {
    const auto tensor = parse<onnx::TensorProto>(each.tensor, bytes.content.size());
    std::optional<RawBytes> raw;
    if (each.raw_data) raw = RawBytes{*each.raw_data, bytes.file};
    add_initializer(tensor.name(), read_tensor(tensor, raw, external), model);
  }
  for (const onnx::SparseTensorProto& tensor : graph.sparse_initializer()) {
    Literal literal;
    literal.type = "sparse tensor";
    add_initializer(tensor.values().name(), std::move(literal), model);
  }
}

}  // namespace

OnnxModel parse_onnx(const OnnxBytes& bytes, const std::filesystem::path& folder) {
  const std::size_t size = bytes.content.size();
  if (size > static_cast<std::size_t>(INT_MAX)) {
    refuse(std::to_string(size) + " bytes, expected at most 2 GiB (keep larger weights in an external file)");
  }
  const std::optional<SplitModel> split = split_model(bytes.content);
  if (!split) refuse_bytes(size);
  const auto proto = parse<onnx::ModelProto>(split->model, size);
  auto graph = parse<onnx::GraphProto>(split->graph, size);
  if (!split->has_graph || graph.node_size() == 0) refuse("not an ONNX model: it has no graph");
  if (graph.node_size() > kMaxNodes || split->initializers.size() > std::size_t{kMaxNodes}) {
    refuse(std::to_string(graph.node_size()) + " nodes and " + std::to_string(split->initializers.size()) +
           " initialisers, expected at most " + std::to_string(kMaxNodes) + " of each");
  }
  OnnxModel model;
  model.producer = proto.producer_name();
  for (const auto& opset : proto.opset_import()) {
    if (opset.domain().empty() || opset.domain() == "ai.onnx") model.opset = opset.version();
  }
  ExternalFiles external(folder);
  read_initializers(*split, graph, bytes, external, model);
  for (onnx::NodeProto& node : *graph.mutable_node()) model.nodes.push_back(read_node(node, external));
  for (const auto& input : graph.input()) model.inputs.push_back(read_value_info(input));
  for (const auto& output : graph.output()) model.outputs.push_back(read_value_info(output));
  model.files = external.files();
  if (bytes.file) model.files.push_back(bytes.file);
  return model;
}

}  // namespace faultline::formats
