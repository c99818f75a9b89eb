#include "formats/onnx/export_node.h"

#include <onnx/onnx_pb.h>

#include <cmath>
#include <string_view>

#include "base/error.h"

namespace faultline::formats {

namespace {

using Integers = std::vector<std::int64_t>;

// Writes one operator; overloaded on its type.
class Writer {
 public:
  Writer(onnx::GraphProto& graph, onnx::NodeProto& node) : graph_(graph), node_(node) {}

  void operator()(const net::Input& /*op*/) { throw ContractError("export_operator: Input is no node"); }
  void operator()(const net::Constant& /*op*/) {
    throw ContractError("export_operator: Constant is no node");
  }
  void operator()(const net::Normalize& /*op*/) {
    throw ContractError("export_operator: Normalize is left out");
  }

  void operator()(const net::Conv& op) {
    set("strides", op.strides);
    set("dilations", op.dilations);
    pads(op.auto_pad, op.pads);
    set("group", op.groups);
  }
  void operator()(const net::MaxPool& op) {
    set("dilations", op.dilations);
    pool(op);
  }
  void operator()(const net::AveragePool& op) {
    for (const std::int64_t dilation : op.dilations) {
      // Only opset 19 has them.
      if (dilation != 1)
        throw Error(ErrorKind::unsupported,
                    "a dilated AveragePool ('" + node_.name() + "') has no form in ONNX opset 13");
    }
    set("count_include_pad", std::int64_t{op.count_include_pad ? 1 : 0});
    pool(op);
  }
  void operator()(const net::Gemm& op) {
    set("alpha", op.alpha);
    set("beta", op.beta);
    set("transA", std::int64_t{op.transpose_a ? 1 : 0});
    set("transB", std::int64_t{op.transpose_b ? 1 : 0});
  }
  void operator()(const net::BatchNormalization& op) { set("epsilon", op.epsilon); }
  void operator()(const net::Lrn& op) {
    node_.set_op_type("LRN");
    set("size", op.size);
    set("alpha", op.alpha);
    set("beta", op.beta);
    set("bias", op.bias);
  }
  void operator()(const net::Softmax& op) {
    // Since opset 13 the sum runs over one axis; the older meaning agrees where that is the last.
    if (op.coerce_2d && op.axis != -1)
      throw Error(ErrorKind::unsupported,
                  "Softmax over several axes ('" + node_.name() + "') has no form in ONNX opset 13");
    set("axis", op.axis);
  }
  void operator()(const net::LeakyRelu& op) { set("alpha", op.alpha); }
  void operator()(const net::Clip& op) {
    const bool has_max = std::isfinite(op.max);
    if (std::isfinite(op.min)) {
      scalar("min", op.min);
    } else if (has_max) {
      node_.add_input("");
    }
    if (has_max) scalar("max", op.max);
  }
  void operator()(const net::Binary& op) { node_.set_op_type(std::string(op.name())); }
  void operator()(const net::Concat& op) { set("axis", op.axis); }
  void operator()(const net::Flatten& op) { set("axis", op.axis); }
  void operator()(const net::Reshape& op) {
    // allowzero is of opset 14; it only differs where an extent is 0, and such values are empty.
    if (op.allow_zero)
      throw Error(ErrorKind::unsupported,
                  "a Reshape with allowzero ('" + node_.name() + "') has no form in ONNX opset 13");
    list("shape", op.dims);
  }
  void operator()(const net::Transpose& op) { set("perm", op.perm); }
  void operator()(const net::Squeeze& op) {
    if (!op.axes.empty()) list("axes", op.axes);
  }
  void operator()(const net::Unsqueeze& op) { list("axes", op.axes); }
  void operator()(const net::Pad& op) {
    const char* const modes[] = {"constant", "reflect", "edge"};
    set("mode", std::string_view(modes[static_cast<std::size_t>(op.mode)]));
    list("pads", op.pads);
    if (op.mode == net::Pad::Mode::constant) scalar("value", op.value);
  }
  // Whatever has no parameters; Dropout and Cast are identities.
  template <class Op>
  void operator()(const Op& /*op*/) {}

 private:
  template <class Pool>
  void pool(const Pool& op) {
    set("kernel_shape", op.kernel);
    set("strides", op.strides);
    pads(op.auto_pad, op.pads);
    set("ceil_mode", std::int64_t{op.ceil_mode ? 1 : 0});
  }
  void pads(net::AutoPad mode, const Integers& values) {
    if (mode == net::AutoPad::none) return set("pads", values);
    set("auto_pad", std::string_view(mode == net::AutoPad::same_upper   ? "SAME_UPPER"
                                     : mode == net::AutoPad::same_lower ? "SAME_LOWER"
                                                                        : "VALID"));
  }
  onnx::AttributeProto& attribute(const char* name, onnx::AttributeProto::AttributeType type) {
    onnx::AttributeProto& result = *node_.add_attribute();
    result.set_name(name);
    result.set_type(type);
    return result;
  }
  void set(const char* name, std::int64_t value) { attribute(name, onnx::AttributeProto::INT).set_i(value); }
  void set(const char* name, float value) { attribute(name, onnx::AttributeProto::FLOAT).set_f(value); }
  void set(const char* name, std::string_view value) {
    attribute(name, onnx::AttributeProto::STRING).set_s(std::string(value));
  }
  // An empty list stands for the default, which is what leaving it out means.
  void set(const char* name, const Integers& values) {
    if (values.empty()) return;
    onnx::AttributeProto& target = attribute(name, onnx::AttributeProto::INTS);
    target.mutable_ints()->Add(values.begin(), values.end());
  }
  onnx::TensorProto& parameter(const char* name, int type) {
    onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(node_.name() + "." + name + "#");
    tensor.set_data_type(type);
    node_.add_input(tensor.name());
    return tensor;
  }
  void scalar(const char* name, float value) {
    parameter(name, onnx::TensorProto::FLOAT).add_float_data(value);
  }
  void list(const char* name, const Integers& values) {
    onnx::TensorProto& tensor = parameter(name, onnx::TensorProto::INT64);
    tensor.add_dims(static_cast<std::int64_t>(values.size()));
    tensor.mutable_int64_data()->Add(values.begin(), values.end());
  }

  onnx::GraphProto& graph_;
  onnx::NodeProto& node_;
};

}  // namespace

void export_operator(const net::Operator& op, onnx::GraphProto& graph, onnx::NodeProto& node) {
  node.set_op_type(
      std::string(std::holds_alternative<net::Identity>(op) ? "Identity" : net::operator_name(op)));
  std::visit(Writer(graph, node), op);
}

}  // namespace faultline::formats
