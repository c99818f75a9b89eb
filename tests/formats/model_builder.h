#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace faultline::test {

// Builds small ONNX models for tests.
class ModelBuilder {
 public:
  using Names = std::vector<std::string>;
  using Extents = std::vector<std::int64_t>;

  explicit ModelBuilder(std::int64_t opset = 13) {
    model.set_ir_version(7);
    model.set_producer_name("test");
    model.add_opset_import()->set_version(opset);
  }

  onnx::GraphProto& graph() { return *model.mutable_graph(); }

  // -1 is a symbolic extent.
  ModelBuilder& input(const std::string& name, const Extents& extents, int type = onnx::TensorProto::FLOAT) {
    value_info(*graph().add_input(), name, extents, type);
    return *this;
  }
  ModelBuilder& output(const std::string& name) {
    value_info(*graph().add_output(), name, {}, onnx::TensorProto::FLOAT);
    return *this;
  }
  ModelBuilder& node(const std::string& op, const std::string& name, const Names& inputs,
                     const Names& outputs) {
    onnx::NodeProto& node = *graph().add_node();
    node.set_op_type(op);
    node.set_name(name);
    for (const std::string& value : inputs) node.add_input(value);
    for (const std::string& value : outputs) node.add_output(value);
    return *this;
  }
  // Attributes of the last node.
  ModelBuilder& with(const std::string& name, std::int64_t value) {
    attribute(name, onnx::AttributeProto::INT).set_i(value);
    return *this;
  }
  ModelBuilder& with(const std::string& name, const Extents& values) {
    onnx::AttributeProto& target = attribute(name, onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) target.add_ints(value);
    return *this;
  }
  ModelBuilder& with_real(const std::string& name, float value) {
    attribute(name, onnx::AttributeProto::FLOAT).set_f(value);
    return *this;
  }
  ModelBuilder& with_text(const std::string& name, const std::string& value) {
    attribute(name, onnx::AttributeProto::STRING).set_s(value);
    return *this;
  }
  onnx::TensorProto& with_tensor(const std::string& name) {
    return *attribute(name, onnx::AttributeProto::TENSOR).mutable_t();
  }
  ModelBuilder& floats(const std::string& name, const Extents& extents, const std::vector<float>& values) {
    onnx::TensorProto& tensor = this->tensor(name, extents, onnx::TensorProto::FLOAT);
    for (const float value : values) tensor.add_float_data(value);
    return *this;
  }
  // Values 0.1, 0.2, 0.3, ... of changing sign.
  ModelBuilder& weights(const std::string& name, const Extents& extents) {
    std::int64_t count = 1;
    for (const std::int64_t extent : extents) count *= extent;
    std::vector<float> values;
    for (std::int64_t i = 0; i < count; ++i)
      values.push_back(0.1F * static_cast<float>(i % 17 + 1) * (i % 3 == 0 ? -1.0F : 1.0F));
    return floats(name, extents, values);
  }
  ModelBuilder& integers(const std::string& name, const Extents& extents, const Extents& values) {
    onnx::TensorProto& tensor = this->tensor(name, extents, onnx::TensorProto::INT64);
    for (const std::int64_t value : values) tensor.add_int64_data(value);
    return *this;
  }
  onnx::TensorProto& tensor(const std::string& name, const Extents& extents, int type) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    for (const std::int64_t extent : extents) tensor.add_dims(extent);
    return tensor;
  }
  std::string bytes() const { return model.SerializeAsString(); }

  onnx::ModelProto model;

 private:
  onnx::AttributeProto& attribute(const std::string& name, onnx::AttributeProto::AttributeType type) {
    onnx::AttributeProto& result = *graph().mutable_node(graph().node_size() - 1)->add_attribute();
    result.set_name(name);
    result.set_type(type);
    return result;
  }
  static void value_info(onnx::ValueInfoProto& info, const std::string& name, const Extents& extents,
                         int type) {
    info.set_name(name);
    auto& tensor = *info.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(type);
    for (const std::int64_t extent : extents) {
      auto& dim = *tensor.mutable_shape()->add_dim();
      if (extent < 0) {
        dim.set_dim_param("N");
      } else {
        dim.set_dim_value(extent);
      }
    }
  }
};

}  // namespace faultline::test
