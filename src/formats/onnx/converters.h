#pragma once

#include "formats/onnx/operator_table.h"

namespace faultline::formats {

// One converter for each ONNX operator of the table. All attributes have been checked against the table's
// rules.

// convert_window.cc
Converted convert_conv(const NodeView& node);
Converted convert_max_pool(const NodeView& node);
Converted convert_average_pool(const NodeView& node);
Converted convert_global_average_pool(const NodeView& node);

// convert_elementwise.cc
Converted convert_relu(const NodeView& node);
Converted convert_leaky_relu(const NodeView& node);
Converted convert_clip(const NodeView& node);
Converted convert_sigmoid(const NodeView& node);
Converted convert_tanh(const NodeView& node);
Converted convert_add(const NodeView& node);
Converted convert_sub(const NodeView& node);
Converted convert_mul(const NodeView& node);
Converted convert_div(const NodeView& node);
Converted convert_identity(const NodeView& node);
Converted convert_dropout(const NodeView& node);
Converted convert_cast(const NodeView& node);

// convert_reduction.cc: matrix products, normalisations, softmax
Converted convert_gemm(const NodeView& node);
Converted convert_matmul(const NodeView& node);
Converted convert_batch_normalization(const NodeView& node);
Converted convert_lrn(const NodeView& node);
Converted convert_softmax(const NodeView& node);

// convert_shape.cc
Converted convert_reshape(const NodeView& node);
Converted convert_flatten(const NodeView& node);
Converted convert_transpose(const NodeView& node);
Converted convert_squeeze(const NodeView& node);
Converted convert_unsqueeze(const NodeView& node);
Converted convert_concat(const NodeView& node);
Converted convert_pad(const NodeView& node);

// fold_*.cc: the same operators, and some more, on constants. nullopt: floats, for the reference kernels.
std::optional<Literal> fold_constant(const NodeView& node);
std::optional<Literal> fold_constant_of_shape(const NodeView& node);
std::optional<Literal> fold_shape(const NodeView& node);
std::optional<Literal> fold_cast(const NodeView& node);
std::optional<Literal> fold_pass(const NodeView& node);
std::optional<Literal> fold_add(const NodeView& node);
std::optional<Literal> fold_sub(const NodeView& node);
std::optional<Literal> fold_mul(const NodeView& node);
std::optional<Literal> fold_div(const NodeView& node);
std::optional<Literal> fold_gather(const NodeView& node);
std::optional<Literal> fold_slice(const NodeView& node);
std::optional<Literal> fold_concat(const NodeView& node);
std::optional<Literal> fold_transpose(const NodeView& node);
// Reshape, Flatten, Squeeze, Unsqueeze: the same values under another shape.
std::optional<Literal> fold_reshape(const NodeView& node);
std::optional<Literal> fold_flatten(const NodeView& node);
std::optional<Literal> fold_squeeze(const NodeView& node);
std::optional<Literal> fold_unsqueeze(const NodeView& node);

}  // namespace faultline::formats
