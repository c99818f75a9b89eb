#include "formats/onnx_export.h"

#include <onnx/onnx_pb.h>

#include "base/error.h"
#include "base/files.h"
#include "formats/onnx/align_weights.h"
#include "formats/onnx/export_node.h"

namespace faultline::formats {

namespace {

constexpr std::int64_t kOpset = 13;
constexpr std::int64_t kIrVersion = 7;  // the one that came with opset 13

void describe(onnx::ValueInfoProto& info, const std::string& name, const Shape& sample_shape) {
  info.set_name(name);
  auto& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx::TensorProto::FLOAT);
  tensor.mutable_shape()->add_dim()->set_dim_param("N");
  for (const std::int64_t extent : sample_shape) tensor.mutable_shape()->add_dim()->set_dim_value(extent);
}

void add_constant(onnx::GraphProto& graph, const std::string& name, const Tensor& value) {
  onnx::TensorProto& tensor = *graph.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t extent : value.shape()) tensor.add_dims(extent);
  tensor.set_raw_data(value.data(), static_cast<std::size_t>(value.elements()) * sizeof(float));
}

// The names of the values: a node's own, except that the output is called as asked and that a Normalize node
// passes its input on.
std::vector<std::string> value_names(const net::Graph& graph, const std::string& output) {
  std::vector<std::string> names;
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    const net::Node& node = graph.node(id);
    const bool passes = std::holds_alternative<net::Normalize>(node.op);
    names.push_back(passes ? names[static_cast<std::size_t>(node.inputs.front())] : node.name);
  }
  const bool is_free = !graph.find(output);
  if (is_free) names[static_cast<std::size_t>(graph.output())] = output;
  return names;
}

void add_node(onnx::GraphProto& proto, const net::Node& node, net::NodeId id,
              const std::vector<std::string>& values) {
  onnx::NodeProto& target = *proto.add_node();
  target.set_name(node.name);
  for (const net::NodeId input : node.inputs) target.add_input(values[static_cast<std::size_t>(input)]);
  target.add_output(values[static_cast<std::size_t>(id)]);
  export_operator(node.op, proto, target);
}

void fill(const net::Graph& graph, const ExportOptions& options, onnx::GraphProto& proto) {
  const std::vector<std::string> values = value_names(graph, options.output_name);
  proto.set_name(options.graph_name);
  for (net::NodeId id = 0; id < graph.size(); ++id) {
    const net::Node& node = graph.node(id);
    if (const auto* input = std::get_if<net::Input>(&node.op)) {
      describe(*proto.add_input(), node.name, input->sample_shape);
    } else if (const auto* constant = std::get_if<net::Constant>(&node.op)) {
      add_constant(proto, node.name, *constant->value);
    } else if (!std::holds_alternative<net::Normalize>(node.op)) {
      add_node(proto, node, id, values);
    }
  }
  const auto output = static_cast<std::size_t>(graph.output());
  describe(*proto.add_output(), values[output], graph.infer_shapes(1)[output].without_leading());
}

}  // namespace

void write_onnx(const net::Graph& graph, const std::filesystem::path& path, const ExportOptions& options) {
  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name("faultline");
  model.add_opset_import()->set_version(kOpset);
  fill(graph, options, *model.mutable_graph());
  align_weights(model);
  if (model.ByteSizeLong() > static_cast<std::size_t>(INT_MAX)) {
    throw Error(ErrorKind::model, path.string() + ": " + std::to_string(model.ByteSizeLong()) +
                                      " bytes, but an ONNX file holds at most 2 GiB");
  }
  write_file(path, model.SerializeAsString());
}

}  // namespace faultline::formats
