#include "net/topology.h"

#include <gtest/gtest.h>

namespace faultline::net {
namespace {

// image -> a -> b -> d -> e, a -> c -> d, a -> dead.
class Diamond : public ::testing::Test {
 protected:
  Diamond() {
    image_ = graph_.add("image", Input{{2, 4, 4}}, {});
    a_ = graph_.add("a", Relu{}, {image_});
    b_ = graph_.add("b", Sigmoid{}, {a_});
    dead_ = graph_.add("dead", Tanh{}, {a_});
    c_ = graph_.add("c", Tanh{}, {a_});
    d_ = graph_.add("d", Binary{Binary::Kind::add}, {b_, c_});
    e_ = graph_.add("e", Flatten{}, {d_});
    graph_.set_output(e_);
  }
  Graph graph_;
  NodeId image_, a_, b_, c_, d_, e_, dead_;
};

std::vector<NodeId> members(const NodeSet& set) {
  std::vector<NodeId> ids;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (set[i]) ids.push_back(static_cast<NodeId>(i));
  }
  return ids;
}

TEST_F(Diamond, DescendantsAreWhatDependsOnIt) {
  EXPECT_EQ(members(descendants(graph_, std::vector{b_})), (std::vector{b_, d_, e_}));
  EXPECT_EQ(members(descendants(graph_, std::vector{b_, dead_})), (std::vector{b_, dead_, d_, e_}));
}

TEST_F(Diamond, AncestorsAreWhatItDependsOn) {
  EXPECT_EQ(members(ancestors(graph_, d_)), (std::vector{image_, a_, b_, c_, d_}));
  EXPECT_EQ(members(ancestors(graph_, image_)), std::vector{image_});
}

TEST_F(Diamond, WhatAllPathsPass) {
  for (const NodeId node : {image_, a_, d_, e_}) EXPECT_TRUE(is_passed_by_all(graph_, node)) << node;
  for (const NodeId node : {b_, c_, dead_}) EXPECT_FALSE(is_passed_by_all(graph_, node)) << node;
}

}  // namespace
}  // namespace faultline::net
