#include <gtest/gtest.h>

#include "engine/close.h"
#include "heatmap/attribution.h"
#include "heatmap/positive_branches.h"

namespace faultline::heatmap {
namespace {

TEST(PositiveBranches, ChangeNoLogitAndStandBesideConvolutionsOfNonNegativeValues) {
  const net::Graph graph = network();
  const net::Graph branched = with_positive_branches(graph);
  const auto branches = positive_branches(branched);
  ASSERT_EQ(branches.size(), 1U);  // conv2; conv1 reads the image
  EXPECT_EQ(branched.node(branches[0].positive).name, "conv2/positive");
  EXPECT_EQ(branched.node(branches[0].sum).name, "conv2/sum");
  EXPECT_TRUE(positive_branches(graph).empty());
  for (const std::string engine : {"reference", "onednn"}) {
    EXPECT_LE(test::relative_l2(test::compile_all(branched, engine)->forward(image())->logits(),
                                test::compile_all(graph, engine)->forward(image())->logits()),
              engine == "reference" ? 0 : 1e-6);
  }
}

}  // namespace
}  // namespace faultline::heatmap
