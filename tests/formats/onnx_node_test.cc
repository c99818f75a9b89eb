// ONNX's own tests of its operators (Debian's libonnx-testdata): every model whose operators are in the table
// is imported and evaluated in double, and compared with the stored result.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>

#include "base/files.h"
#include "formats/onnx/operator_table.h"
#include "formats/onnx/parse_tensor.h"
#include "formats/onnx_import.h"
#include "model_builder.h"
#include "net/reference.h"

namespace faultline::formats {
namespace {

namespace fs = std::filesystem;

constexpr int kNoInput = -1;

fs::path data() {
  return "/usr/share/libonnx-testdata/data";
}

struct Case {
  std::string name;  // "node/test_relu"
  onnx::ModelProto model;
  std::vector<onnx::TensorProto> inputs;  // of the graph inputs that are no initialisers
  onnx::TensorProto output;
};

onnx::TensorProto read_tensor_file(const fs::path& path) {
  onnx::TensorProto tensor;
  if (fs::exists(path)) {
    EXPECT_TRUE(tensor.ParseFromString(read_file(path))) << path;
  }
  return tensor;
}

std::set<std::string> initializer_names(const onnx::GraphProto& graph) {
  std::set<std::string> names;
  for (const auto& tensor : graph.initializer()) names.insert(tensor.name());
  return names;
}

// Opset 6 and before differ from 7, for the models here, in attributes that say what 7 does anyway.
void raise_opset(onnx::ModelProto& model) {
  if (model.opset_import(0).version() > 6) return;
  model.mutable_opset_import(0)->set_version(7);
  for (auto& node : *model.mutable_graph()->mutable_node()) {
    auto& attributes = *node.mutable_attribute();
    const auto redundant = [](const onnx::AttributeProto& attribute) {
      return (attribute.name() == "is_test" || attribute.name() == "broadcast") && attribute.i() == 1;
    };
    attributes.erase(std::remove_if(attributes.begin(), attributes.end(), redundant), attributes.end());
  }
}

Case read_case(const fs::path& folder) {
  Case result;
  result.name = folder.parent_path().filename().string() + "/" + folder.filename().string();
  EXPECT_TRUE(result.model.ParseFromString(read_file(folder / "model.onnx"))) << folder;
  raise_opset(result.model);
  const std::set<std::string> initializers = initializer_names(result.model.graph());
  for (const auto& input : result.model.graph().input()) {
    if (initializers.contains(input.name())) continue;
    const std::string file = "input_" + std::to_string(result.inputs.size()) + ".pb";
    result.inputs.push_back(read_tensor_file(folder / "test_data_set_0" / file));
    result.inputs.back().set_name(input.name());
  }
  result.output = read_tensor_file(folder / "test_data_set_0/output_0.pb");
  return result;
}

std::vector<fs::path> case_folders() {
  std::vector<fs::path> folders;
  for (const std::string group : {"node", "simple", "pytorch-operator", "pytorch-converted"}) {
    for (const auto& entry : fs::directory_iterator(data() / group)) {
      if (fs::exists(entry.path() / "model.onnx")) folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

enum class Operators { ours, only_for_constants, others };

Operators operators_of(const onnx::ModelProto& model) {
  Operators result = Operators::ours;
  for (const auto& node : model.graph().node()) {
    const OperatorRow* row = node.domain().empty() ? find_operator(node.op_type()) : nullptr;
    if (row == nullptr || row->name == "LogSoftmax")
      return Operators::others;  // that one is only ever removed
    if (row->convert == nullptr && row->name != "Constant") result = Operators::only_for_constants;
  }
  return model.graph().node_size() == 0 ? Operators::others : result;
}

// Makes integers comparable.
void cast_output(onnx::GraphProto& graph) {
  onnx::NodeProto& cast = *graph.add_node();
  cast.set_op_type("Cast");
  cast.add_input(graph.output(0).name());
  cast.add_output("output as float");
  onnx::AttributeProto& to = *cast.add_attribute();
  to.set_name("to");
  to.set_type(onnx::AttributeProto::INT);
  to.set_i(onnx::TensorProto::FLOAT);
  graph.mutable_output(0)->set_name("output as float");
}

// The model with every input but one as an initialiser.
onnx::ModelProto bake_inputs(const Case& test, int variable) {
  onnx::ModelProto model = test.model;
  for (std::size_t i = 0; i < test.inputs.size(); ++i) {
    if (static_cast<int>(i) != variable) *model.mutable_graph()->add_initializer() = test.inputs[i];
  }
  if (variable == kNoInput) cast_output(*model.mutable_graph());
  return model;
}

Literal literal_of(onnx::TensorProto tensor) {
  ExternalFiles external({});
  return read_tensor(tensor, external);
}

Literal as_floats(const Literal& literal) {
  if (literal.kind != Literal::Kind::integers) return literal;
  Tensor tensor(literal.shape);
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    tensor[i] = static_cast<float>(literal.integers[static_cast<std::size_t>(i)].constant);
  }
  return float_literal(std::move(tensor));
}

DoubleTensor as_double(const Tensor& tensor) {
  DoubleTensor result(tensor.shape());
  std::copy(tensor.values().begin(), tensor.values().end(), result.data());
  return result;
}

// Throws Error where the model is refused.
DoubleTensor run(const Case& test, int variable) {
  const onnx::ModelProto baked = bake_inputs(test, variable);
  const ImportedModel model = parse_onnx_model(
      baked.SerializeAsString(), test.name, {.output = baked.graph().output(0).name(), .classifier = false});
  if (variable == kNoInput) {
    return as_double(*std::get<net::Constant>(model.graph.node(model.graph.output()).op).value);
  }
  const DoubleTensor input = as_double(*literal_of(test.inputs[static_cast<std::size_t>(variable)]).floats);
  std::vector<DoubleTensor> values = net::evaluate<double>(model.graph, input.view());
  return std::move(values[static_cast<std::size_t>(model.graph.output())]);
}

void expect_output(const Case& test, const DoubleTensor& got) {
  const Literal expected = as_floats(literal_of(test.output));
  ASSERT_EQ(expected.kind, Literal::Kind::floats) << test.name;
  ASSERT_EQ(got.shape(), expected.shape) << test.name;
  const bool is_half = test.output.data_type() == onnx::TensorProto::FLOAT16;
  const double relative =
      is_half ? 0x1p-11 : 4e-6;  // the results were computed in float, or rounded to float16
  double largest = 0;
  for (const float value : expected.floats->values())
    largest = std::max(largest, std::abs(static_cast<double>(value)));
  for (std::int64_t i = 0; i < got.elements(); ++i) {
    const auto value = static_cast<double>((*expected.floats)[i]);
    ASSERT_NEAR(got[i], value, relative * std::abs(value) + 1e-6 * largest) << test.name << " at " << i;
  }
}

// Only floats can depend on an image; these occur in constants alone.
bool is_type_of_constants(int type) {
  return type == onnx::TensorProto::FLOAT16 || type == onnx::TensorProto::DOUBLE ||
         type == onnx::TensorProto::INT32 || type == onnx::TensorProto::INT64 ||
         type == onnx::TensorProto::BOOL;
}

struct Tally {
  int passed = 0;
  int others = 0;
  int variants = 0;
  int variants_refused = 0;
  std::map<std::string, std::string> refused;
};

// With another input as the one that depends on the image, and with none: the same result, or a refusal.
void run_variants(const Case& test, int primary, Tally& tally) {
  for (int variable = kNoInput; variable < static_cast<int>(test.inputs.size()); ++variable) {
    const bool is_float =
        variable == kNoInput ||
        test.inputs[static_cast<std::size_t>(variable)].data_type() == onnx::TensorProto::FLOAT;
    if (variable == primary || !is_float) continue;
    try {
      expect_output(test, run(test, variable));
      ++tally.variants;
    } catch (const Error& error) {
      EXPECT_NE(variable, kNoInput) << error.what();
      ++tally.variants_refused;
      EXPECT_THAT(error.what(), testing::AnyOf(testing::HasSubstr("from the image, expected a constant"),
                                               testing::HasSubstr("on values that depend on the image"),
                                               testing::HasSubstr("is of type int64, expected floats"),
                                               testing::HasSubstr("is a scalar")))
          << test.name;
    }
  }
}

void visit(const fs::path& folder, Tally& tally) {
  const Case test = read_case(folder);
  const Operators operators = operators_of(test.model);
  if (operators == Operators::others) {
    ++tally.others;
    return;
  }
  const bool has_image = !test.inputs.empty() && !is_type_of_constants(test.inputs.front().data_type());
  const int variable = operators == Operators::ours && has_image ? 0 : kNoInput;
  try {
    expect_output(test, run(test, variable));
    ++tally.passed;
  } catch (const Error& error) {
    tally.refused[test.name] = error.what();
    return;
  }
  run_variants(test, variable, tally);
}

// Models of our operators that are refused, and why.
const std::map<std::string, std::string>& expected_refusals() {
  static const std::map<std::string, std::string> refusals = {
      {"node/test_add_uint8", "input of type uint8"},
      {"node/test_div_uint8", "input of type uint8"},
      {"node/test_maxpool_2d_uint8", "input of type uint8"},
      {"node/test_mul_uint8", "input of type uint8"},
      {"node/test_sub_uint8", "input of type uint8"},
      {"node/test_batchnorm_epsilon_training_mode",
       "'training_mode' = 1 of BatchNormalization"},  // not inference
      {"node/test_batchnorm_example_training_mode", "'training_mode' = 1 of BatchNormalization"},
      {"node/test_cast_BFLOAT16_to_FLOAT", "input of type bfloat16"},
      {"node/test_castlike_BFLOAT16_to_FLOAT_expanded", "input of type bfloat16"},
      {"node/test_cast_FLOAT_to_BFLOAT16", "'to' = 16 of Cast"},
      {"node/test_castlike_FLOAT_to_BFLOAT16_expanded", "'to' = 16 of Cast"},
      {"node/test_cast_FLOAT_to_STRING", "'to' = 8 of Cast"},
      {"node/test_castlike_FLOAT_to_STRING_expanded", "'to' = 8 of Cast"},
      {"node/test_cast_STRING_to_FLOAT", "input of type string"},
      {"node/test_castlike_STRING_to_FLOAT_expanded", "input of type string"},
      {"node/test_clip_default_int8_inbounds", "input of type int8"},
      {"node/test_clip_default_int8_max", "input of type int8"},
      {"node/test_clip_default_int8_min", "input of type int8"},
      {"node/test_edge_pad", "int32, expected floats"},
      {"node/test_reflect_pad", "int32, expected floats"},
      {"node/test_identity_opt", "input of type not a tensor"},
      {"node/test_identity_sequence", "input of type not a tensor"},
      {"node/test_reshape_allowzero_reordered",
       "does not fit the dims [3, 4, 0]"},                 // tensors without elements
      {"node/test_training_dropout", "in training mode"},  // not inference
      {"node/test_training_dropout_default", "in training mode"},
      {"node/test_training_dropout_default_mask", "in training mode"},
      {"node/test_training_dropout_mask", "in training mode"},
      {"node/test_training_dropout_zero_ratio", "in training mode"},
      {"node/test_training_dropout_zero_ratio_mask", "in training mode"},
      {"pytorch-operator/test_operator_add_broadcast", "attribute 'axis' of Add"},  // how opset 6 broadcasts
      {"pytorch-operator/test_operator_add_size1_broadcast", "attribute 'axis' of Add"},
      {"pytorch-operator/test_operator_add_size1_right_broadcast", "attribute 'axis' of Add"},
      {"pytorch-operator/test_operator_add_size1_singleton_broadcast", "attribute 'axis' of Add"},
      {"pytorch-operator/test_operator_addconstant", "have an infinity at index 2"},  // doubles beyond float
  };
  return refusals;
}

TEST(OnnxNodeTests, EveryModelOfOurOperatorsPassesOrIsRefusedForAStatedReason) {
  Tally tally;
  for (const fs::path& folder : case_folders()) visit(folder, tally);
  std::cout << "ONNX node tests: " << tally.passed << " models pass (and " << tally.variants
            << " variants of them, with another variable input or none), " << tally.refused.size()
            << " are refused, " << tally.others << " use other operators\n";
  EXPECT_EQ(tally.passed, 256);
  EXPECT_EQ(tally.variants, 270);
  EXPECT_EQ(tally.others, 782);
  for (const auto& [name, reason] : tally.refused) {
    const auto expected = expected_refusals().find(name);
    ASSERT_NE(expected, expected_refusals().end()) << name << " is refused: " << reason;
    EXPECT_THAT(reason, testing::HasSubstr(expected->second)) << name;
  }
  EXPECT_EQ(tally.refused.size(), expected_refusals().size());
}

}  // namespace
}  // namespace faultline::formats
