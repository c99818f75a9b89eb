#include "compare/contribution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/networks.h"

namespace faultline::compare {
namespace {

using net::NodeId;

// Shapes do not matter to how a graph is cut: nodes are identities, sums and concatenations.
struct Sketch {
  net::Graph graph;
  NodeId image = graph.add("image", net::Input{Shape{1}}, {});

  NodeId node(const char* name, NodeId input) { return graph.add(name, net::Relu{}, {input}); }
  NodeId sum(const char* name, NodeId a, NodeId b) {
    return graph.add(name, net::Binary{net::Binary::Kind::add}, {a, b});
  }
};

std::string text(const net::Graph& graph, const std::vector<Segment>& found) {
  std::string all;
  for (const Segment& segment : found) {
    for (const NodeId id : segment.from) all += graph.node(id).name + " ";
    all += "->";
    for (const NodeId id : segment.to) all += " " + graph.node(id).name;
    all += "; ";
  }
  return all;
}

TEST(Segments, OfAChainEndInOneValueEach) {
  Sketch s;
  const NodeId a = s.node("a", s.image);
  const NodeId b = s.node("b", a);
  const NodeId c = s.node("c", b);
  const NodeId d = s.node("d", c);
  s.graph.set_output(d);
  EXPECT_EQ(text(s.graph, segments(s.graph, std::vector{s.image, a, c, d})), "image -> a; a -> c; c -> d; ");
  EXPECT_EQ(text(s.graph, segments(s.graph, std::vector{d, a})), "a -> d; ");
  EXPECT_TRUE(segments(s.graph, std::vector{d}).empty());
}

TEST(Segments, JoinBranchesThatReadTheSameValue) {
  Sketch s;
  const NodeId squeeze = s.node("squeeze", s.image);
  const NodeId left = s.node("left", squeeze);
  const NodeId right = s.node("right", squeeze);
  const NodeId both = s.sum("both", left, right);
  const NodeId end = s.node("end", both);
  s.graph.set_output(end);
  EXPECT_EQ(text(s.graph, segments(s.graph, std::vector{s.image, squeeze, left, right, end})),
            "image -> squeeze; squeeze -> left right; left right -> end; ");
}

TEST(Segments, KeepAResidualBlockTogether) {
  Sketch s;
  const NodeId start = s.node("start", s.image);
  const NodeId inner = s.node("inner", start);
  const NodeId last = s.node("last", inner);
  const NodeId sum = s.sum("sum", start, last);
  const NodeId end = s.node("end", sum);
  s.graph.set_output(end);
  EXPECT_EQ(text(s.graph, segments(s.graph, std::vector{s.image, start, inner, last, end})),
            "image -> start; start last -> inner end; inner -> last; ");
}

TEST(Segments, LeaveOutWhatTheOutputDoesNotDependOn) {
  Sketch s;
  const NodeId a = s.node("a", s.image);
  const NodeId b = s.node("b", a);
  const NodeId dead = s.graph.add("dead", net::Concat{}, {a, b});
  s.graph.set_output(b);
  EXPECT_EQ(text(s.graph, segments(s.graph, std::vector{s.image, a, b, dead})), "image -> a; a -> b; ");
}

TEST(Segments, RefuseACutThatIsNone) {
  Sketch s;
  const NodeId left = s.node("left", s.image);
  const NodeId right = s.node("right", s.image);
  const NodeId sum = s.sum("sum", left, right);
  s.graph.set_output(sum);
  // Nothing precedes `right`, though it is not where all paths begin.
  EXPECT_THROW(segments(s.graph, std::vector{left, right, sum}), ContractError);
  EXPECT_THROW(segments(s.graph, std::vector{s.image, left}), ContractError);
}

TEST(Contribution, IsWhatArrivesLessWhatLeaves) {
  const Segment segment{.from = {1, 4}, .to = {2, 7}};
  EXPECT_EQ(contribution(segment, {{1, 0.5}, {2, 8}, {4, -2}, {7, 16}}), 24 + 1.5);
}

}  // namespace
}  // namespace faultline::compare
