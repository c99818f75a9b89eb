#include "formats/onnx_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/files.h"
#include "expect_error.h"
#include "model_builder.h"
#include "net/reference.h"
#include "temporary_folder.h"

namespace faultline::formats {
namespace {

using test::expect_error;
using test::ModelBuilder;

// [N,3,4,4] -> Conv 3->2, kernel 4 -> [N,2,1,1] "conv_out"; what follows is up to the test.
ModelBuilder small_model(std::int64_t opset = 13, std::int64_t batch = -1) {
  ModelBuilder builder(opset);
  builder.input("x", {batch, 3, 4, 4}).weights("w", {2, 3, 4, 4}).weights("b", {2});
  builder.node("Conv", "conv", {"x", "w", "b"}, {"conv_out"});
  return builder;
}

ImportedModel import(const ModelBuilder& builder) {
  return parse_onnx_model(builder.bytes(), "m.onnx");
}

Shape output_shape(const ImportedModel& model, std::int64_t batch) {
  return model.graph.infer_shapes(batch)[static_cast<std::size_t>(model.graph.output())];
}

std::string output_operator(const ImportedModel& model) {
  return std::string(net::operator_name(model.graph.node(model.graph.output()).op));
}

DoubleTensor ramp(const Shape& shape) {
  DoubleTensor tensor(shape);
  for (std::int64_t i = 0; i < tensor.elements(); ++i) tensor[i] = 0.01 * static_cast<double>(i % 97) - 0.3;
  return tensor;
}

std::vector<double> logits(const ImportedModel& model, std::int64_t batch) {
  const DoubleTensor input = ramp({batch, 3, 4, 4});
  const std::vector<DoubleTensor> values = net::evaluate<double>(model.graph, input.view());
  const DoubleTensor& output = values[static_cast<std::size_t>(model.graph.output())];
  return {output.values().begin(), output.values().end()};
}

TEST(OnnxImport, KeepsNamesAndFlattensSpatialLogits) {
  const ImportedModel model = import(small_model().output("conv_out"));
  EXPECT_TRUE(model.graph.find("x") && model.graph.find("conv") && model.graph.find("w") &&
              model.graph.find("b"));
  EXPECT_EQ(output_operator(model), "Flatten");
  EXPECT_EQ(output_shape(model, 5), (Shape{5, 2}));
  EXPECT_THAT(model.notes, testing::ElementsAre("flattened the logits [2, 1, 1] by \"logits_flatten\""));
  EXPECT_EQ(model.producer, "test");
  EXPECT_EQ(parameter_count(model.graph), 2 * 3 * 16 + 2);
}

TEST(OnnxImport, NamelessAndDoubleNodesGetUniqueNames) {
  ModelBuilder builder = small_model();
  builder.node("Relu", "", {"conv_out"}, {"r"})
      .node("Relu", "conv", {"r"}, {"w2"})
      .node("Flatten", "w", {"w2"}, {"y"});
  const ImportedModel model = import(builder.output("y"));
  for (const std::string name : {"r", "conv", "conv_2", "w", "w_2"})
    EXPECT_TRUE(model.graph.find(name)) << name;
  EXPECT_EQ(model.graph.node(*model.graph.find("w")).name, "w");
  EXPECT_EQ(net::operator_name(model.graph.node(*model.graph.find("w")).op),
            "Flatten");  // nodes come before weights
}

TEST(OnnxImport, RemovesATrailingSoftmaxOverTheClasses) {
  for (const std::string op : {"Softmax", "LogSoftmax"}) {
    ModelBuilder builder = small_model();
    builder.node("Flatten", "flat", {"conv_out"}, {"z"})
        .node(op, "prob", {"z"}, {"p"})
        .node("Identity", "id", {"p"}, {"y"});
    const ImportedModel model = import(builder.output("y"));
    EXPECT_FALSE(model.graph.find("prob"));
    EXPECT_TRUE(model.gives_logits);
    EXPECT_THAT(model.notes,
                testing::ElementsAre(testing::HasSubstr("removed the trailing " + op + " \"prob\"")));
    EXPECT_EQ(logits(model, 2), logits(import(small_model().output("conv_out")), 2));
  }
}

TEST(OnnxImport, KeepsASoftmaxThatIsNotOverAllClassesAndSaysThatThereAreNoLogits) {
  ModelBuilder builder = small_model();
  builder.node("Softmax", "prob", {"conv_out"}, {"p"}).with("axis", std::int64_t{3});
  const ImportedModel model = import(builder.output("p"));
  EXPECT_TRUE(model.graph.find("prob"));
  EXPECT_FALSE(model.gives_logits);
  EXPECT_FALSE(import(small_model().node("Sigmoid", "s", {"conv_out"}, {"p"}).output("p")).gives_logits);
}

TEST(OnnxImport, SoftmaxBeforeOpset13RunsOverAllFurtherAxes) {
  const ImportedModel old = import(small_model(12).node("Softmax", "prob", {"conv_out"}, {"p"}).output("p"));
  EXPECT_TRUE(old.gives_logits);
  const ImportedModel young =
      import(small_model(13).node("Softmax", "prob", {"conv_out"}, {"p"}).output("p"));
  EXPECT_FALSE(young.gives_logits);  // its default axis is the last, of extent 1
}

TEST(OnnxImport, ALiteralBatchBecomesSymbolic) {
  ModelBuilder builder = small_model(13, 1);
  builder.integers("shape", {2}, {1, 2}).node("Reshape", "r", {"conv_out", "shape"}, {"y"});
  const ImportedModel model = import(builder.output("y"));
  EXPECT_EQ(model.batch, 1);
  EXPECT_EQ(output_shape(model, 3), (Shape{3, 2}));
  EXPECT_THAT(model.notes, testing::ElementsAre("rewrote the literal batch 1 of Reshape \"r\""));
}

TEST(OnnxImport, FoldsTheShapeChainOfView) {  // PyTorch: x.view(x.size(0), -1)
  ModelBuilder builder = small_model();
  builder.node("Shape", "shape", {"conv_out"}, {"s"}).integers("zero", {}, {0});
  builder.node("Gather", "gather", {"s", "zero"}, {"n"}).with("axis", std::int64_t{0});
  builder.integers("axes", {1}, {0})
      .node("Unsqueeze", "unsqueeze", {"n", "axes"}, {"n1"})
      .integers("rest", {1}, {-1});
  builder.node("Concat", "concat", {"n1", "rest"}, {"dims"}).with("axis", std::int64_t{0});
  builder.node("Reshape", "view", {"conv_out", "dims"}, {"y"});
  const ImportedModel model = import(builder.output("y"));
  EXPECT_EQ(output_shape(model, 4), (Shape{4, 2}));
  EXPECT_EQ(std::get<net::Reshape>(model.graph.node(model.graph.output()).op).dims,
            (std::vector<std::int64_t>{0, -1}));
  EXPECT_EQ(model.graph.size(), 5);  // x, w, b, conv, view
}

TEST(OnnxImport, FoldsSliceMulDivOfAShape) {  // a channel shuffle's arithmetic
  ModelBuilder builder = small_model();
  builder.node("Shape", "shape", {"conv_out"}, {"s"})
      .integers("one", {1}, {1})
      .integers("two", {1}, {2})
      .integers("zero", {1}, {0});
  builder.node("Slice", "n", {"s", "zero", "one", "zero"}, {"n"})
      .node("Slice", "c", {"s", "one", "two"}, {"c"});
  builder.node("Mul", "n2", {"n", "two"}, {"2n"}).node("Div", "half", {"2n", "two"}, {"again_n"});
  builder.node("Add", "c1", {"c", "one"}, {"c+1"}).node("Sub", "c2", {"c+1", "one"}, {"again_c"});
  builder.node("Cast", "cast", {"again_c"}, {"c_cast"}).with("to", std::int64_t{7});
  builder.node("Concat", "dims", {"again_n", "c_cast"}, {"d"}).with("axis", std::int64_t{0});
  builder.node("Reshape", "r", {"conv_out", "d"}, {"y"});
  EXPECT_EQ(output_shape(import(builder.output("y")), 3), (Shape{3, 2}));
}

TEST(OnnxImport, FoldsThePadChainOfPyTorch) {
  // F.pad: pads listed from the last axis on, extended with zeros, reversed by Slice and Transpose.
  ModelBuilder builder(13);
  builder.input("x", {-1, 3, 4, 4}).integers("some", {4}, {1, 0, 2, 0}).integers("count", {1}, {4});
  builder.node("ConstantOfShape", "zeros", {"count"}, {"z"});
  *builder.with_tensor("value").mutable_dims()->Add() = 1;
  onnx::TensorProto& zero = *builder.graph().mutable_node(0)->mutable_attribute(0)->mutable_t();
  zero.set_data_type(onnx::TensorProto::INT64);
  zero.add_int64_data(0);
  builder.node("Concat", "all", {"some", "z"}, {"flat"}).with("axis", std::int64_t{0});
  builder.integers("pairs", {2}, {-1, 2}).node("Reshape", "pairs_of", {"flat", "pairs"}, {"p"});
  builder.integers("start", {1}, {-1})
      .integers("end", {1}, {std::numeric_limits<std::int64_t>::min()})
      .integers("axis", {1}, {0})
      .integers("step", {1}, {-1});
  builder.node("Slice", "reverse", {"p", "start", "end", "axis", "step"}, {"r"});
  builder.node("Transpose", "ends", {"r"}, {"t"}).with("perm", ModelBuilder::Extents{1, 0});
  builder.integers("all_dims", {1}, {-1}).node("Reshape", "flat_again", {"t", "all_dims"}, {"f"});
  builder.node("Cast", "cast", {"f"}, {"pads"}).with("to", std::int64_t{7});
  builder.node("Pad", "pad", {"x", "pads"}, {"padded"}).with_text("mode", "constant");
  builder.node("GlobalAveragePool", "gap", {"padded"}, {"y"});
  const ImportedModel model = import(builder.output("y"));
  const net::NodeId pad = *model.graph.find("pad");
  EXPECT_EQ(std::get<net::Pad>(model.graph.node(pad).op).pads,
            (std::vector<std::int64_t>{0, 0, 2, 1, 0, 0, 0, 0}));
}

TEST(OnnxImport, ConstantFloatSubgraphsGoThroughTheKernels) {
  ModelBuilder builder(13);
  builder.input("x", {-1, 3, 4, 4}).weights("half", {2, 3, 4, 4}).weights("b", {2}).floats("two", {}, {2});
  builder.node("Mul", "double", {"half", "two"}, {"whole"}).node("Conv", "conv", {"x", "whole", "b"}, {"y"});
  const ImportedModel model = import(builder.output("y"));
  ASSERT_TRUE(model.graph.find("whole"));
  EXPECT_EQ(model.graph.size(), 5);  // x, whole, b, conv, logits_flatten
  const auto& whole = std::get<net::Constant>(model.graph.node(*model.graph.find("whole")).op).value;
  EXPECT_EQ((*whole)[0], -0.2F);
}

TEST(OnnxImport, InitialisersListedAsInputsAreWeights) {
  ModelBuilder builder = small_model();
  builder.input("w", {2, 3, 4, 4}).input("b", {2});
  EXPECT_EQ(output_shape(import(builder.output("conv_out")), 2), (Shape{2, 2}));
}

TEST(OnnxImport, NodesOutOfOrderAreSorted) {
  ModelBuilder builder(13);
  builder.input("x", {-1, 3, 4, 4}).weights("w", {2, 3, 4, 4});
  builder.node("Relu", "second", {"conv_out"}, {"y"}).node("Conv", "first", {"x", "w"}, {"conv_out"});
  EXPECT_EQ(output_operator(import(builder.output("y"))), "Flatten");
}

TEST(OnnxImport, RecordsANormalisationInTheGraph) {
  ModelBuilder builder(13);
  builder.input("x", {-1, 3, 4, 4})
      .floats("mean", {3, 1, 1}, {1, 2, 3})
      .node("Sub", "minus_mean", {"x", "mean"}, {"c"});
  builder.node("GlobalAveragePool", "gap", {"c"}, {"y"});
  EXPECT_EQ(import(builder.output("y")).normalizing_node, "minus_mean");
  EXPECT_EQ(import(small_model().output("conv_out")).normalizing_node, std::nullopt);
}

TEST(OnnxImport, NamesEverythingUnsupportedAtOnce) {
  ModelBuilder builder = small_model();
  builder.node("Einsum", "e1", {"conv_out"}, {"a"}).node("Einsum", "e2", {"a"}, {"b1"});
  builder.node("Gelu", "g", {"b1"}, {"c"});
  builder.graph().mutable_node(3)->set_domain("com.microsoft");
  builder.integers("pads", {8}, {0, 0, 0, 0, 0, 0, 0, 0})
      .node("Pad", "p", {"c", "pads"}, {"d"})
      .with_text("mode", "wrap");
  builder.node("MaxPool", "pool", {"d"}, {"e"})
      .with("kernel_shape", ModelBuilder::Extents{1, 1})
      .with("magic", std::int64_t{1});
  builder.node("Shape", "sh", {"e"}, {"s"}).node("Gather", "take", {"e", "s"}, {"f"});
  builder.tensor("q", {1}, onnx::TensorProto::UINT8).set_raw_data("\1");
  builder.node("Add", "sum", {"f", "q"}, {"y"});
  try {
    import(builder.output("y"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    EXPECT_STREQ(error.what(),
                 "m.onnx: unsupported: operator 'Einsum' ('e1', 'e2'); operator 'com.microsoft.Gelu' ('g'); "
                 "'mode' = wrap of Pad ('p'); attribute 'magic' of MaxPool ('pool'); "
                 "operator 'Gather' on values that depend on the image ('take'); data type uint8 ('q')");
  }
}

TEST(OnnxImport, RefusesWhatItCannotKnow) {
  const auto refused = [](ModelBuilder builder, ErrorKind kind, const std::string& part) {
    expect_error([&] { import(builder); }, kind, part);
  };
  refused(small_model(6).output("conv_out"), ErrorKind::unsupported, "opset 6, expected 7 to 17");
  refused(small_model(18).output("conv_out"), ErrorKind::unsupported, "opset 18");
  refused(small_model().output("nowhere"), ErrorKind::model, "'nowhere', read by the graph's output");
  refused(small_model().output("conv_out").output("x"), ErrorKind::model, "has 2 outputs ('conv_out', 'x')");
  refused(small_model().input("second", {-1, 3, 4, 4}).output("conv_out"), ErrorKind::model,
          "several inputs ('x', 'second'");
  refused(ModelBuilder().input("x", {-1, 4, 4, 3}).node("Relu", "r", {"x"}, {"y"}).output("y"),
          ErrorKind::model, "[N, 3, H, W]");
  refused(ModelBuilder()
              .input("x", {-1, 3, 4, 4}, onnx::TensorProto::UINT8)
              .node("Relu", "r", {"x"}, {"y"})
              .output("y"),
          ErrorKind::unsupported, "input of type uint8 ('x')");
  refused(small_model().node("Relu", "r", {"gone"}, {"y"}).output("y"), ErrorKind::model,
          "'gone', read by node 'r'");
  refused(
      small_model().node("Add", "a", {"conv_out", "q"}, {"p"}).node("Relu", "r", {"p"}, {"q"}).output("q"),
      ErrorKind::model, "cycle");
  refused(small_model().node("Relu", "r", {"conv_out"}, {"conv_out"}).output("conv_out"), ErrorKind::model,
          "defined twice");
  refused(small_model().weights("w", {2}).output("conv_out"), ErrorKind::model, "'w' is there twice");
  refused(small_model()
              .node("Transpose", "t", {"conv_out"}, {"y"})
              .with("perm", ModelBuilder::Extents{1, 0, 2, 3})
              .output("y"),
          ErrorKind::model, "node 't' gives [2, 3, 1, 1] for a batch of 3");
  refused(small_model()
              .node("Flatten", "f", {"conv_out"}, {"z"})
              .with("axis", std::int64_t{0})
              .node("Transpose", "t", {"z"}, {"zt"})
              .integers("s", {2}, {-1, 2})
              .node("Reshape", "back", {"zt", "s"}, {"y"})
              .output("y"),
          ErrorKind::model, "node 'f' gives");
  refused(small_model()
              .node("Softmax", "s", {"conv_out"}, {"y"})
              .with("axis", std::int64_t{0})
              .node("Relu", "r", {"y"}, {"z"})
              .output("z"),
          ErrorKind::unsupported, "runs over the batch");
}

TEST(OnnxImport, RefusesWeightsThatAreNoNumbers) {
  ModelBuilder builder = small_model();
  builder.graph().mutable_initializer(1)->set_float_data(1, std::numeric_limits<float>::quiet_NaN());
  expect_error([&] { import(builder.output("conv_out")); }, ErrorKind::model,
               "m.onnx: weights 'b' have NaN at index 1");
}

}  // namespace
}  // namespace faultline::formats
