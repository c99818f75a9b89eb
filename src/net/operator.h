#pragma once

#include <string_view>
#include <variant>

#include "net/ops/average_pool.h"
#include "net/ops/batch_normalization.h"
#include "net/ops/binary.h"
#include "net/ops/clip.h"
#include "net/ops/concat.h"
#include "net/ops/constant.h"
#include "net/ops/conv.h"
#include "net/ops/flatten.h"
#include "net/ops/gemm.h"
#include "net/ops/global_average_pool.h"
#include "net/ops/identity.h"
#include "net/ops/input.h"
#include "net/ops/leaky_relu.h"
#include "net/ops/lrn.h"
#include "net/ops/matmul.h"
#include "net/ops/max_pool.h"
#include "net/ops/normalize.h"
#include "net/ops/pad.h"
#include "net/ops/relu.h"
#include "net/ops/reshape.h"
#include "net/ops/sigmoid.h"
#include "net/ops/softmax.h"
#include "net/ops/squeeze.h"
#include "net/ops/tanh.h"
#include "net/ops/transpose.h"
#include "net/ops/unsqueeze.h"

namespace faultline::net {

// Every operator that faultline knows: adding one is adding a line here (and its file).
using Operator = std::variant<Input, Constant, Normalize,               // what every network has
                              Conv, Gemm, MatMul,                       // weights
                              BatchNormalization, Lrn, Softmax,         // normalisations
                              Relu, LeakyRelu, Clip, Sigmoid, Tanh,     // activations
                              MaxPool, AveragePool, GlobalAveragePool,  // pooling
                              Binary,                                   // Add, Sub, Mul, Div
                              Concat, Flatten, Reshape, Transpose, Squeeze, Unsqueeze, Pad,  // rearrangements
                              Identity>;  // Identity, Dropout, Cast

// The operator's name as ONNX has it, for messages. Lives as long as `op`.
std::string_view operator_name(const Operator& op);
// How many inputs it takes and how many of them may depend on the image (see InputCount).
InputCount input_count(const Operator& op);
// How it answers to a change of its inputs (see Response); which inputs are variable is the graph's to know:
// response_of.
Response response(const Operator& op);
// MaxPool, AveragePool, GlobalAveragePool.
bool is_pooling(const Operator& op);

// The kernels of ops/kernel.h for whichever operator it is. Input and Constant have none: ContractError.
// infer_shape throws Error{model} also for a wrong number of inputs and for a result of 2^31 elements or
// more.
Shape infer_shape(const Operator& op, std::span<const Shape> inputs);
template <class S>
void forward(const Operator& op, Inputs<S> inputs, BasicTensorView<S> output);
template <class S>
void backward(const Operator& op, const Adjoint<S>& adjoint, BasicTensorView<S> input_gradient);

// Throws Error{model} "[op] ..." if a value of this shape would have 2^31 elements or more (an extent of 0
// counts as 1).
void check_size(std::string_view op, const Shape& shape);

}  // namespace faultline::net
