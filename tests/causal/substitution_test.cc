#include "causal/substitution.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "causal/channel_subset.h"
#include "causal/critical_dose.h"
#include "networks.h"

namespace faultline::causal {
namespace {

using Channels = Substitution::Channels;

constexpr PrefixSearch kExact{.exact = true};

// Runs of two images of a chain whose layers are observed.
class OnChain : public ::testing::Test {
 protected:
  OnChain() {
    std::vector<net::NodeId> observed;
    for (const char* const name : {"relu1a", "relu2b", "pool3"}) observed.push_back(*graph_.find(name));
    plan_ = engine::make_engine("reference")->compile(graph_, {.observed = observed});
    Tensor images = test::normal({2, 3, 16, 16}, "images", 1);
    runs_ = plan_->forward(images);
    classes_ = {.clean = predicted(0), .other = (predicted(0) + 1) % 4};
  }
  int predicted(int row) const {
    const auto z = runs_->logits().row(row).values();
    return static_cast<int>(std::ranges::max_element(z) - z.begin());
  }
  double margin(int row) const {
    const auto z = runs_->logits().row(row).values();
    return z[static_cast<std::size_t>(classes_.clean)] - z[static_cast<std::size_t>(classes_.other)];
  }
  Substitution at(const char* name) { return {*plan_, *runs_, *graph_.find(name), classes_}; }

  const net::Graph graph_ = test::chain();
  std::unique_ptr<engine::Plan> plan_;
  std::unique_ptr<engine::Pass> runs_;
  MarginClasses classes_;
};

// In a chain, all of an activation is all of what follows: at every layer alike.
TEST_F(OnChain, NothingAndAllAreTheTwoRuns) {
  for (const char* const name : {"relu1a", "relu2b", "pool3"}) {
    SCOPED_TRACE(name);
    Substitution substitution = at(name);
    const auto doses = substitution.doses(std::vector<double>{0, 1});
    EXPECT_NE(margin(0), margin(1));
    EXPECT_EQ(doses[0].margin, margin(0));
    EXPECT_EQ(doses[1].margin, margin(1));
    EXPECT_EQ(doses[1].predicted, predicted(1));
    const std::vector<Channels> sets = {Channels(6, 0), Channels(6, 1)};
    const auto exchanged = substitution.exchanged(sets);
    EXPECT_EQ(exchanged[0].margin, margin(0));
    EXPECT_EQ(exchanged[1].margin, margin(1));
    const auto restored = substitution.restored(sets);
    EXPECT_EQ(restored[0].margin, margin(1));
    EXPECT_EQ(restored[1].margin, margin(0));
  }
}

TEST_F(OnChain, ExchangingAndRestoringTheRestIsTheSame) {
  Substitution substitution = at("relu2b");
  const std::vector<Channels> some = {{1, 0, 0, 1, 1, 0}};
  const std::vector<Channels> others = {{0, 1, 1, 0, 0, 1}};
  EXPECT_EQ(substitution.exchanged(some)[0].margin, substitution.restored(others)[0].margin);
  EXPECT_NE(substitution.exchanged(some)[0].margin, margin(0));
}

TEST_F(OnChain, ChannelDistancesAreThoseOfTheWhole) {
  Substitution substitution = at("relu1a");
  double squares = 0;
  for (const double distance : substitution.channel_distances()) squares += distance * distance;
  const DoubleTensor clean = runs_->observe(*graph_.find("relu1a")).read(0);
  const DoubleTensor other = runs_->observe(*graph_.find("relu1a")).read(1);
  double expected = 0;
  for (std::int64_t i = 0; i < clean.elements(); ++i)
    expected += (other[i] - clean[i]) * (other[i] - clean[i]);
  EXPECT_NEAR(squares, expected, 1e-9 * expected);
}

TEST_F(OnChain, BadDosesAndSetsAreRefused) {
  Substitution substitution = at("relu1a");
  EXPECT_THROW(substitution.doses(std::vector<double>{1.5}), ContractError);
  EXPECT_THROW(substitution.exchanged(std::vector<Channels>{Channels(5, 1)}), ContractError);
  EXPECT_THROW(smallest_flipping_prefix(substitution, std::vector<int>{0, 1, 2, 3, 4, 4}, classes_),
               ContractError);
}

// Eight channels, of which the logits read the third, sixth and seventh: m = 1 - 0.4 (a_2 + a_5 + a_6), all
// of them 0 in the clean image and 1 in the other.
class OnPlanted : public ::testing::Test {
 protected:
  OnPlanted() {
    const net::NodeId image = graph_.add("image", net::Input{{8, 2, 2}}, {});
    channels_ = graph_.add("channels", net::Relu{}, {image});
    const net::NodeId mean = graph_.add("mean", net::GlobalAveragePool{}, {channels_});
    const net::NodeId flat = graph_.add("flat", net::Flatten{}, {mean});
    Tensor w({2, 8});
    for (const int channel : {2, 5, 6}) w[channel] = -0.4F;
    const net::NodeId weights = graph_.add_constant("w", std::move(w));
    const net::NodeId bias = graph_.add_constant("b", Tensor(Shape{2}, {1, 0}));
    graph_.set_output(graph_.add("logits", net::Gemm{.transpose_b = true}, {flat, weights, bias}));
    plan_ = engine::make_engine("reference")->compile(graph_, {.observed = {channels_}});
    Tensor images({2, 8, 2, 2});
    std::ranges::fill(images.row(1).values(), 1.0F);
    runs_ = plan_->forward(images);
  }
  net::Graph graph_;
  net::NodeId channels_ = -1;
  std::unique_ptr<engine::Plan> plan_;
  std::unique_ptr<engine::Pass> runs_;
};

TEST_F(OnPlanted, TheFewestChannelsAreFoundInTheOrderGiven) {
  const MarginClasses classes{.clean = 0, .other = 1};
  Substitution substitution(*plan_, *runs_, channels_, classes);
  // m = 1 - 0.4 n: three of them flip, and one set back restores.
  const ChannelSubset best =
      smallest_flipping_prefix(substitution, std::vector<int>{2, 5, 6, 0, 1, 3, 4, 7}, classes, kExact);
  EXPECT_EQ(best.channels, 3);
  EXPECT_NEAR(best.share, 3.0 / 8, 1e-12);
  EXPECT_NEAR(best.square_share, 3.0 / 8, 1e-12);
  const ChannelSubset worst =
      smallest_flipping_prefix(substitution, std::vector<int>{0, 1, 3, 4, 7, 2, 5, 6}, classes, kExact);
  EXPECT_EQ(worst.channels, 8);
  const std::vector<int> sixth_second = {0, 6, 1, 2, 3, 4, 5, 7};
  EXPECT_EQ(smallest_restoring_prefix(substitution, sixth_second, classes, kExact).channels, 2);
  EXPECT_EQ(ascending(std::vector<double>{0.5, -1, 0.5, -2}), (std::vector<int>{3, 1, 0, 2}));
}

// Of 1, 2, 4 and 8 channels.
TEST_F(OnPlanted, SharesAreHalvings) {
  const MarginClasses classes{.clean = 0, .other = 1};
  Substitution substitution(*plan_, *runs_, channels_, classes);
  const std::vector<int> harmful_first = {2, 5, 6, 0, 1, 3, 4, 7};
  const ChannelSubset found = smallest_flipping_prefix(substitution, harmful_first, classes);
  EXPECT_EQ(found.channels, 4);
  EXPECT_NEAR(found.share, 0.5, 1e-12);
  EXPECT_EQ(smallest_flipping_prefix(substitution, harmful_first, classes, {.halvings = 0}).channels, 8);
  EXPECT_EQ(smallest_restoring_prefix(substitution, harmful_first, classes).channels, 1);
}

TEST_F(OnPlanted, TheDoseIsWhereTheMarginIsZero) {
  const MarginClasses classes{.clean = 0, .other = 1};
  Substitution substitution(*plan_, *runs_, channels_, classes);
  const CriticalDose found = critical_dose(substitution, classes);
  ASSERT_TRUE(found.dose);
  EXPECT_NEAR(*found.dose, 1 / 1.2, 1.0 / 64);
  EXPECT_GT(*found.dose, 1 / 1.2);
}

TEST_F(OnPlanted, WhatNeverFlipsIsCensored) {
  const MarginClasses classes{.clean = 1, .other = 0};  // the other image's answer is this one's class
  Substitution substitution(*plan_, *runs_, channels_, classes);
  const ChannelSubset subset = smallest_restoring_prefix(
      substitution, std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}, {.clean = 2, .other = 0});
  EXPECT_FALSE(subset.channels);
  EXPECT_EQ(subset.share, 1);
}

}  // namespace
}  // namespace faultline::causal
