#include "formats/onnx/operator_table.h"

#include <algorithm>

#include "formats/onnx/converters.h"

namespace faultline::formats {

namespace {

using Kind = OnnxAttribute::Kind;

constexpr std::size_t kAnyNumber = 1U << 20U;
const std::vector<std::string_view> kAutoPads = {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"};
// TensorProto's float, int32, int64, bool, float16, double.
const std::vector<std::string_view> kCastTypes = {"1", "6", "7", "9", "10", "11"};

const std::vector<OperatorRow>& rows() {
  static const std::vector<OperatorRow> table = {
      {"Add", 2, 2, {}, convert_add, fold_add},
      {"AveragePool",
       1,
       1,
       {{"auto_pad", Kind::text, kAutoPads},
        {"ceil_mode", Kind::integer, {"0", "1"}},
        {"count_include_pad", Kind::integer, {"0", "1"}},
        {"kernel_shape", Kind::integers},
        {"pads", Kind::integers},
        {"strides", Kind::integers}},
       convert_average_pool},
      // `spatial` until opset 8, `training_mode` since 14; momentum only matters for training.
      {"BatchNormalization",
       5,
       5,
       {{"epsilon", Kind::real},
        {"momentum", Kind::real},
        {"spatial", Kind::integer, {"1"}},
        {"training_mode", Kind::integer, {"0"}}},
       convert_batch_normalization},
      {"Cast", 1, 1, {{"to", Kind::integer, kCastTypes}}, convert_cast, fold_cast},
      // Attributes before opset 11, inputs since.
      {"Clip", 1, 3, {{"min", Kind::real}, {"max", Kind::real}}, convert_clip},
      {"Concat", 1, kAnyNumber, {{"axis", Kind::integer}}, convert_concat, fold_concat},
      {"Constant",
       0,
       0,
       {{"value", Kind::tensor},
        {"value_float", Kind::real},
        {"value_floats", Kind::reals},
        {"value_int", Kind::integer},
        {"value_ints", Kind::integers}},
       nullptr,
       fold_constant},
      {"ConstantOfShape", 1, 1, {{"value", Kind::tensor}}, nullptr, fold_constant_of_shape},
      {"Conv",
       2,
       3,
       {{"auto_pad", Kind::text, kAutoPads},
        {"dilations", Kind::integers},
        {"group", Kind::integer},
        {"kernel_shape", Kind::integers},
        {"pads", Kind::integers},
        {"strides", Kind::integers}},
       convert_conv},
      {"Div", 2, 2, {}, convert_div, fold_div},
      {"Dropout", 1, 3, {{"ratio", Kind::real}, {"seed", Kind::integer}}, convert_dropout, fold_pass},
      {"Flatten", 1, 1, {{"axis", Kind::integer}}, convert_flatten, fold_flatten},
      {"Gather", 2, 2, {{"axis", Kind::integer}}, nullptr, fold_gather},
      {"Gemm",
       2,
       3,
       {{"alpha", Kind::real},
        {"beta", Kind::real},
        {"transA", Kind::integer, {"0", "1"}},
        {"transB", Kind::integer, {"0", "1"}}},
       convert_gemm},
      {"GlobalAveragePool", 1, 1, {}, convert_global_average_pool},
      {"Identity", 1, 1, {}, convert_identity, fold_pass},
      {"LRN",
       1,
       1,
       {{"alpha", Kind::real}, {"beta", Kind::real}, {"bias", Kind::real}, {"size", Kind::integer}},
       convert_lrn},
      {"LeakyRelu", 1, 1, {{"alpha", Kind::real}}, convert_leaky_relu},
      // Only where it ends a network: there it is removed.
      {"LogSoftmax", 1, 1, {{"axis", Kind::integer}}, nullptr},
      {"MatMul", 2, 2, {}, convert_matmul},
      // storage_order only matters for the indices, which are refused.
      {"MaxPool",
       1,
       1,
       {{"auto_pad", Kind::text, kAutoPads},
        {"ceil_mode", Kind::integer, {"0", "1"}},
        {"dilations", Kind::integers},
        {"kernel_shape", Kind::integers},
        {"pads", Kind::integers},
        {"storage_order", Kind::integer},
        {"strides", Kind::integers}},
       convert_max_pool},
      {"Mul", 2, 2, {}, convert_mul, fold_mul},
      // Attributes before opset 11, inputs since.
      {"Pad",
       1,
       3,
       {{"mode", Kind::text, {"constant", "reflect", "edge"}},
        {"pads", Kind::integers},
        {"value", Kind::real}},
       convert_pad},
      {"Relu", 1, 1, {}, convert_relu},
      {"Reshape", 2, 2, {{"allowzero", Kind::integer, {"0", "1"}}}, convert_reshape, fold_reshape},
      {"Shape", 1, 1, {{"start", Kind::integer}, {"end", Kind::integer}}, nullptr, fold_shape, true},
      {"Sigmoid", 1, 1, {}, convert_sigmoid},
      // Attributes before opset 10, inputs since.
      {"Slice",
       1,
       5,
       {{"axes", Kind::integers}, {"ends", Kind::integers}, {"starts", Kind::integers}},
       nullptr,
       fold_slice},
      {"Softmax", 1, 1, {{"axis", Kind::integer}}, convert_softmax},
      // Attributes before opset 13, inputs since.
      {"Squeeze", 1, 2, {{"axes", Kind::integers}}, convert_squeeze, fold_squeeze},
      {"Sub", 2, 2, {}, convert_sub, fold_sub},
      {"Tanh", 1, 1, {}, convert_tanh},
      {"Transpose", 1, 1, {{"perm", Kind::integers}}, convert_transpose, fold_transpose},
      {"Unsqueeze", 1, 2, {{"axes", Kind::integers}}, convert_unsqueeze, fold_unsqueeze},
  };
  return table;
}

}  // namespace

const OperatorRow* find_operator(std::string_view name) {
  const auto found =
      std::find_if(rows().begin(), rows().end(), [&](const OperatorRow& row) { return row.name == name; });
  return found == rows().end() ? nullptr : &*found;
}

std::span<const OperatorRow> operator_table() {
  return rows();
}

}  // namespace faultline::formats
