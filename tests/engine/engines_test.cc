#include <gtest/gtest.h>

#include "engine/engine.h"
#include "engine/networks.h"
#include "expect_error.h"

namespace faultline {
namespace {

using test::expect_error;

TEST(Engines, EachNameMakesTheEngineOfThatName) {
  const auto names = engine::engine_names();
  ASSERT_FALSE(names.empty());
  for (const std::string& name : names) EXPECT_EQ(engine::make_engine(name)->name(), name);
}

TEST(Engines, AnUnknownNameIsRefusedWithTheListOfNames) {
  expect_error([] { engine::make_engine("gpu"); }, ErrorKind::usage, "reference");
}

// Every engine refuses what has no row for each image; the message names the node.
void expect_refused(const net::Graph& graph, const std::string& node) {
  for (const std::string& name : engine::engine_names())
    expect_error([&] { engine::make_engine(name)->compile(graph, {}); }, ErrorKind::model, "'" + node + "'");
}

TEST(Engines, AValueWhoseLeadingExtentIsNotTheBatchIsRefused) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{4, 2}}, {});
  const auto turned = graph.add("turned", net::Transpose{.perm = {1, 0, 2}}, {input});
  graph.set_output(graph.add("flat", net::Flatten{}, {turned}));
  expect_refused(graph, "turned");
}

TEST(Engines, AValueWhoseInnerExtentsDependOnTheBatchIsRefused) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{1}}, {});
  const auto other = graph.add("other", net::Transpose{.perm = {1, 0}}, {input});
  graph.set_output(graph.add("outer", net::Binary{net::Binary::Kind::add}, {input, other}));
  expect_refused(graph, "other");
}

TEST(Engines, ASoftmaxOverTheBatchIsRefused) {
  for (const std::int64_t axis : {0, -2}) {
    net::Graph graph;
    const auto input = graph.add("image", net::Input{Shape{4}}, {});
    graph.set_output(graph.add("mixed", net::Softmax{.axis = axis}, {input}));
    expect_refused(graph, "mixed");
  }
}

TEST(Engines, AnOutputThatIsNoVectorIsRefused) {
  net::Graph graph;
  const auto input = graph.add("image", net::Input{Shape{3, 4, 4}}, {});
  graph.set_output(graph.add("relu", net::Relu{}, {input}));
  expect_refused(graph, "relu");
}

}  // namespace
}  // namespace faultline
