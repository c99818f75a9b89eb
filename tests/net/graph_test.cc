#include "net/graph.h"

#include "build_graph.h"
#include "expect_error.h"

namespace faultline::net {
namespace {

using test::expect_error;
using test::GraphBuilder;

TEST(Graph, NamesAreUniqueAndInputsExist) {
  Graph graph;
  const NodeId x = graph.add("x", Input{{3, 4, 4}}, {});
  expect_error([&] { graph.add("x", Relu{}, {x}); }, ErrorKind::model, "two nodes are called 'x'");
  EXPECT_THROW(graph.add("y", Relu{}, {1}), ContractError);
  EXPECT_THROW(graph.add("y", Input{{3}}, {}), ContractError);
  EXPECT_THROW(graph.add("", Relu{}, {x}), ContractError);
  EXPECT_THROW(graph.output(), ContractError);
  EXPECT_EQ(graph.find("x"), x);
  EXPECT_FALSE(graph.find("y"));
}

TEST(Graph, VariableNodesAreThoseThatDependOnTheImage) {
  GraphBuilder net({3, 4, 4});
  const NodeId constant = net.constant("c", {3, 1, 1});
  const NodeId doubled = net.join("doubled", Binary{}, {constant, constant}).last();
  const NodeId sum = net.join("sum", Binary{}, {0, doubled}).last();
  const Graph graph = net.finish();
  EXPECT_FALSE(graph.is_variable(doubled));
  EXPECT_TRUE(graph.is_variable(sum));
  EXPECT_EQ(graph.consumers()[static_cast<std::size_t>(constant)], (std::vector<NodeId>{doubled, doubled}));
}

TEST(Graph, ShapeErrorsNameTheNode) {
  GraphBuilder net({3, 4, 4});
  const NodeId weights = net.constant("w", {2, 5, 3, 3});
  const Graph graph = net.join("features/conv", Conv{}, {0, weights}).finish();
  expect_error([&] { graph.infer_shapes(2); }, ErrorKind::model,
               "node 'features/conv': [Conv] input [2, 3, 4, 4]");
}

TEST(Graph, WeightsThatDependOnTheImageAreUnsupported) {
  Graph graph;
  const NodeId x = graph.add("x", Input{{2, 3, 3}}, {});
  graph.add("conv", Conv{}, {x, x});
  expect_error([&] { graph.infer_shapes(2); }, ErrorKind::unsupported,
               "node 'conv': [Conv] its input 1 depends on the image, expected a constant");
}

TEST(Graph, AHostileInputSizeIsRefused) {
  Graph graph;
  graph.add("x", Input{{3, std::int64_t{1} << 40, 0}}, {});
  expect_error([&] { graph.infer_shapes(1); }, ErrorKind::model, "less than 2^31 elements");
  Graph large;
  large.add("x", Input{{3, 32768, 32768}}, {});
  expect_error([&] { large.infer_shapes(1); }, ErrorKind::model,
               "[Input] a value of shape [1, 3, 32768, 32768]");
}

TEST(Graph, ResponsesDependOnWhichInputsAreVariable) {
  GraphBuilder net({3, 3});
  const NodeId constant = net.constant("c", {3, 3});
  const NodeId act = net.add("act", Tanh{}).last();
  int made = 0;
  const auto response_to = [&](Operator op, std::vector<NodeId> inputs) {
    net.join("node" + std::to_string(made++), std::move(op), std::move(inputs));
    return response_of(net.finish(), net.last());
  };
  const Binary mul{Binary::Kind::mul};
  const Binary div{Binary::Kind::div};
  EXPECT_EQ(response_to(mul, {act, constant}), Response::affine);
  EXPECT_EQ(response_to(mul, {constant, act}), Response::affine);
  EXPECT_EQ(response_to(mul, {act, act}), Response::general);
  EXPECT_EQ(response_to(div, {act, constant}), Response::affine);
  EXPECT_EQ(response_to(div, {constant, act}), Response::general);
  EXPECT_EQ(response_to(Binary{}, {act, act}), Response::affine);
  EXPECT_EQ(response_to(MatMul{}, {act, constant}), Response::affine);
  EXPECT_EQ(response_to(MatMul{}, {act, act}), Response::general);
  EXPECT_EQ(response_to(Sigmoid{}, {act}), Response::elementwise);
  EXPECT_EQ(response_to(Softmax{}, {act}), Response::general);
  EXPECT_EQ(response(Operator(MaxPool{})), Response::selecting);
}

TEST(Graph, PreprocessingGoesBetweenTheImageAndAllThatReadIt) {
  GraphBuilder net({3, 2, 2});
  const NodeId act = net.add("act", Relu{}).last();
  const Graph plain = net.join("sum", Binary{}, {act, 0}).finish();
  const Graph graph = with_preprocessing(plain, Normalize{.scale = 2});
  ASSERT_EQ(graph.size(), 4);
  EXPECT_EQ(graph.node(1).name, "normalized");
  EXPECT_EQ(graph.node(2).inputs, std::vector<NodeId>{1});
  EXPECT_EQ(graph.node(3).inputs, (std::vector<NodeId>{2, 1}));
  EXPECT_EQ(graph.output(), 3);
  EXPECT_THROW(with_preprocessing(graph, Normalize{}), ContractError);
}

}  // namespace
}  // namespace faultline::net
