// All 64 ways to freeze VGG-16's five blocks and head to one of two recordings (method.md 6.1), for the price
// of ten passes: each level resumes the one before, so that leaves share what they have in common.
#include <gtest/gtest.h>

#include "engine/close.h"
#include "engine/engine.h"
#include "engine/networks.h"
#include "formats/vgg.h"
#include "net/points.h"

namespace faultline {
namespace {

using engine::Intervention;
using engine::InterventionKind;
using engine::Pass;
using net::NodeId;

constexpr int kBlocks = 6;
constexpr int kClean = 0;
constexpr int kAdversarial = 1;

// VGG-16's shape at an eighth of its width: the same share of work in every block.
net::Graph narrow_vgg() {
  return formats::build_vgg({.layers = 16, .width = 0.125, .classes = 10});
}

class PrefixTree : public ::testing::TestWithParam<engine::Precision> {
 protected:
  PrefixTree() {
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (!graph_.is_variable(id) || net::response_of(graph_, id) == net::Response::affine) continue;
      gates_[static_cast<std::size_t>(map_.block_of_node[static_cast<std::size_t>(id)])].push_back(id);
    }
    // A block's first convolution is the same for every choice of its gates: its value is kept.
    engine::CompileOptions options{.observed = {}, .freezable = true};
    for (const auto& gates : gates_) options.observed.push_back(graph_.node(gates.front()).inputs[0]);
    plan_ = engine::make_engine("onednn", {.precision = GetParam()})->compile(graph_, options);
    images_ = test::random_tensor(Shape{2, 3, 224, 224}, "images");
    recordings_ = plan_->forward(images_);
  }

  // Freezes a block of a row to the recording of one of the two images.
  void freeze(int block, int row, int recording, std::vector<Intervention>& list) const {
    for (const NodeId node : gates_[static_cast<std::size_t>(block)]) {
      list.push_back({.row = row,
                      .node = node,
                      .kind = InterventionKind::freeze,
                      .source = recordings_.get(),
                      .source_row = recording});
    }
  }

  // Row r of the result: block b's gates are the adversarial ones where bit b of r is set. The input is the
  // clean image.
  std::vector<std::unique_ptr<Pass>> grow() const {
    std::vector<Intervention> list;
    for (int block = 0; block < kBlocks; ++block) freeze(block, 0, kClean, list);
    std::vector<std::unique_ptr<Pass>> levels;
    levels.push_back(plan_->forward(images_.rows(0, 1), list));
    for (int block = 0; block < kBlocks; ++block) {
      const int rows = 1 << block;
      std::vector<int> from;
      list.clear();
      for (int r = 0; r < 2 * rows; ++r) {
        from.push_back(r % rows);
        if (r >= rows) freeze(block, r, kAdversarial, list);
      }
      const NodeId first_gate = gates_[static_cast<std::size_t>(block)].front();
      levels.push_back(plan_->resume(*levels.back(), first_gate, from, list));
    }
    return levels;
  }

  std::int64_t multiply_adds() const { return plan_->counters().multiply_adds; }

  const net::Graph graph_ = narrow_vgg();
  const net::NetworkMap map_ = net::map_network(graph_);
  std::vector<std::vector<NodeId>> gates_ = std::vector<std::vector<NodeId>>(kBlocks);
  std::unique_ptr<engine::Plan> plan_;
  Tensor images_;
  std::unique_ptr<Pass> recordings_;
};

TEST_P(PrefixTree, SixtyFourLeavesCostTenPassesAndAHalf) {
  ASSERT_EQ(map_.blocks.size(), std::size_t{kBlocks});
  const std::int64_t two_passes = multiply_adds();
  const auto levels = grow();
  const double passes =
      2.0 * static_cast<double>(multiply_adds() - two_passes) / static_cast<double>(two_passes);
  EXPECT_EQ(levels.back()->rows(), 64);
  EXPECT_LE(passes, 10.5);
  RecordProperty("passes", std::to_string(passes));
}

TEST_P(PrefixTree, ALeafIsTheRunWithItsGatesBitForBit) {
  const auto levels = grow();
  const DoubleTensor& leaves = levels.back()->logits();
  EXPECT_TRUE(test::same(leaves.row(0), recordings_->logits().row(0))) << "clean gates on the clean image";
  for (const int leaf : {1, 22, 63}) {
    std::vector<Intervention> list;
    for (int block = 0; block < kBlocks; ++block) freeze(block, 0, (leaf >> block) & 1, list);
    const auto whole = plan_->forward(images_.rows(0, 1), list);
    EXPECT_TRUE(test::same(leaves.row(leaf), whole->logits().row(0))) << leaf;
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, PrefixTree,
                         ::testing::Values(engine::Precision::f32, engine::Precision::fast),
                         [](const auto& precision) { return std::string(engine::name_of(precision.param)); });

}  // namespace
}  // namespace faultline
