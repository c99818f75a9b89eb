#include "formats/onnx_export.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "formats/onnx_import.h"
#include "formats/vgg.h"
#include "net/reference.h"
#include "temporary_folder.h"

namespace faultline::formats {
namespace {

Tensor ramp(const Shape& shape, float step) {
  Tensor tensor(shape);
  for (std::int64_t i = 0; i < tensor.elements(); ++i)
    tensor[i] = 0.2F + step * static_cast<float>((i * 7) % 13 - 5);
  return tensor;
}

std::vector<double> outputs(const net::Graph& graph) {
  const Shape sample = std::get<net::Input>(graph.node(graph.input()).op).sample_shape;
  DoubleTensor input(Shape{2, sample[0], sample[1], sample[2]});
  for (std::int64_t i = 0; i < input.elements(); ++i) input[i] = static_cast<double>((i * 31) % 101) / 100;
  const std::vector<DoubleTensor> values = net::evaluate<double>(graph, input.view());
  const DoubleTensor& output = values[static_cast<std::size_t>(graph.output())];
  return {output.values().begin(), output.values().end()};
}

net::Graph round_trip(const net::Graph& graph) {
  const test::TemporaryFolder folder;
  write_onnx(graph, folder / "m.onnx");
  return read_onnx(folder / "m.onnx").graph;
}

// Every operator that can be exported, each with parameters other than the defaults.
class EveryOperator {
 public:
  EveryOperator() { last_ = graph.add("x", net::Input{Shape{3, 12, 12}}, {}); }

  void add(const std::string& name, const net::Operator& op, const std::vector<Shape>& weights = {}) {
    std::vector<net::NodeId> inputs = {last_};
    for (const Shape& shape : weights) {
      inputs.push_back(graph.add_constant(name + "/" + std::to_string(inputs.size()), ramp(shape, 0.03F)));
    }
    last_ = graph.add(name, op, inputs);
  }
  net::Graph finish() {
    graph.set_output(last_);
    return graph;
  }
  net::Graph graph;

 private:
  net::NodeId last_;
};

net::Graph graph_of_every_operator() {
  EveryOperator b;
  b.add("conv", net::Conv{.strides = {1, 1}, .dilations = {2, 1}, .pads = {1, 0, 2, 1}, .groups = 3},
        {Shape{6, 1, 3, 3}, Shape{6}});
  b.add("conv_same", net::Conv{.strides = {2, 1}, .auto_pad = net::AutoPad::same_lower}, {Shape{4, 6, 3, 2}});
  b.add("bn", net::BatchNormalization{.epsilon = 0.01F}, {Shape{4}, Shape{4}, Shape{4}, Shape{4}});
  b.add("lrn", net::Lrn{.size = 3, .alpha = 0.1F, .beta = 0.5F, .bias = 2});
  b.add("leaky", net::LeakyRelu{.alpha = 0.2F});
  b.add("clip", net::Clip{.min = -0.5F, .max = 3});
  b.add("clip_above", net::Clip{.max = 2.5F});
  b.add("clip_below", net::Clip{.min = -0.25F});
  b.add(
      "max",
      net::MaxPool{
          .kernel = {2, 3}, .strides = {1, 2}, .dilations = {1, 2}, .pads = {1, 0, 0, 1}, .ceil_mode = true});
  b.add("average", net::AveragePool{.kernel = {2, 2},
                                    .strides = {2, 1},
                                    .pads = {0, 1, 1, 0},
                                    .ceil_mode = true,
                                    .count_include_pad = true});
  b.add("pad", net::Pad{.pads = {0, 0, 1, 0, 0, 0, 0, 2}, .value = 0.7F});
  b.add("reflect", net::Pad{.mode = net::Pad::Mode::reflect, .pads = {0, 0, 1, 1, 0, 0, 1, 0}});
  b.add("edge", net::Pad{.mode = net::Pad::Mode::edge, .pads = {0, 0, 0, 1, 0, 0, 0, 0}});
  b.add("mul", net::Binary{.kind = net::Binary::Kind::mul}, {Shape{4, 1, 1}});
  b.add("sub", net::Binary{.kind = net::Binary::Kind::sub}, {Shape{1, 4, 1, 1}});
  b.add("add", net::Binary{.kind = net::Binary::Kind::add}, {Shape{}});
  b.add("div", net::Binary{.kind = net::Binary::Kind::div}, {Shape{4, 1, 1}});
  b.add("sigmoid", net::Sigmoid{});
  b.add("tanh", net::Tanh{});
  b.add("relu", net::Relu{});
  b.add("concat", net::Concat{.axis = -1}, {});
  b.add("transpose", net::Transpose{.perm = {0, 2, 3, 1}});
  b.add("softmax", net::Softmax{.axis = 1});
  b.add("unsqueeze", net::Unsqueeze{.axes = {1}});
  b.add("squeeze", net::Squeeze{.axes = {1}});
  b.add("dropout", net::Identity{.origin = "Dropout"});
  b.add("back", net::Transpose{.perm = {0, 3, 1, 2}});
  b.add("gap", net::GlobalAveragePool{});
  b.add("reshape", net::Reshape{.dims = {0, -1}});
  b.add("matmul", net::MatMul{}, {Shape{4, 6}});
  b.add("flatten", net::Flatten{.axis = -1});
  b.add("gemm", net::Gemm{.alpha = 0.5F, .beta = 2, .transpose_b = true}, {Shape{5, 6}, Shape{5}});
  return b.finish();
}

TEST(OnnxExport, EveryOperatorComesBackAsItWas) {
  const net::Graph graph = graph_of_every_operator();
  const net::Graph read = round_trip(graph);
  ASSERT_EQ(read.size(), graph.size());
  for (const net::Node& node : graph.nodes()) EXPECT_TRUE(read.find(node.name)) << node.name;
  EXPECT_EQ(outputs(read), outputs(graph));
}

TEST(OnnxExport, NormalizeIsLeftOut) {
  const net::Graph plain = build_vgg({.layers = 11, .width = 0.05, .classes = 3, .input_size = 32});
  const net::Graph normalized = net::with_preprocessing(plain, {.scale = 2, .mean = {1, 2, 3}});
  const net::Graph read = round_trip(normalized);
  EXPECT_FALSE(read.find("normalized"));
  EXPECT_EQ(outputs(read), outputs(plain));
  EXPECT_NE(outputs(normalized), outputs(plain));
}

TEST(OnnxExport, AnUnwritablePlaceIsNamed) {
  test::expect_error([] { write_onnx(graph_of_every_operator(), "/proc/none/m.onnx"); }, ErrorKind::io,
                     "/proc/none/m.onnx");
}

}  // namespace
}  // namespace faultline::formats
