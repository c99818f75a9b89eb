#include "engine/onednn/agreement.h"

#include <gtest/gtest.h>

namespace faultline {
namespace {

TEST(OneDnnEngine, AgreesWithTheReferenceWhereEverythingIsObserved) {
  const net::Graph graph = test::branched_network();
  const Tensor images = test::random_tensor(Shape{3, 3, 9, 7}, "images");
  for (const bool freezable : {false, true}) {
    test::expect_agreement(graph, images, {.observed = test::variable_nodes(graph), .freezable = freezable},
                           1e-5);
  }
}

TEST(OneDnnEngine, AgreesWithTheReferenceWhereNodesAreFused) {
  const net::Graph graph = test::branched_network();
  const Tensor images = test::random_tensor(Shape{3, 3, 9, 7}, "images");
  test::expect_agreement(graph, images,
                         {.observed = {graph.input(), *graph.find("relu1"), *graph.find("concat")}}, 1e-5);
}

}  // namespace
}  // namespace faultline
