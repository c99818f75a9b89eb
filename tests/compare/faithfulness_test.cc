// What insertion, deletion, confidence drop and ROAD say of a map; tests/oracles has their stored values.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "compare/confidence_drop.h"
#include "compare/insertion_deletion.h"
#include "compare/noisy_linear_imputation.h"
#include "compare/relevance_order.h"
#include "compare/road.h"

namespace faultline::compare {
namespace {

constexpr std::int64_t kSide = 8;
constexpr std::int64_t kPixels = kSide * kSide;

// z = (sum of the left half, sum of the right half) times 1/8, of all channels.
net::Graph halves() {
  net::Graph graph;
  const net::NodeId input = graph.add("input", net::Input{{3, kSide, kSide}}, {});
  const net::NodeId flat = graph.add("flat", net::Flatten{}, {input});
  Tensor weights({2, 3 * kPixels});
  for (std::int64_t i = 0; i < 3 * kPixels; ++i)
    weights[(i % kSide < kSide / 2 ? 0 : 3 * kPixels) + i] = 0.125F;
  const net::NodeId w = graph.add_constant("w", std::move(weights));
  graph.set_output(graph.add("logits", net::Gemm{.transpose_b = true}, {flat, w}));
  return graph;
}

double sigmoid(double z) {
  return 1 / (1 + std::exp(-z));
}

class Faithfulness : public testing::Test {
 protected:
  void SetUp() override {
    for (std::int64_t i = 0; i < image_.elements(); ++i)
      image_[i] = i % kSide < kSide / 2 ? 0.75F : 0.25F + 0.01F * static_cast<float>(i % 5);
    for (std::int64_t i = 0; i < kPixels; ++i)
      relevance_[i] = (i % kSide < kSide / 2 ? 1.0F : -1.0F) + 0.001F * static_cast<float>(i);
    for (std::int64_t i = 0; i < kPixels; ++i) opposite_[i] = -relevance_[i];
  }

  std::unique_ptr<engine::Plan> plan_ = engine::make_engine("reference")->compile(halves(), {});
  Tensor image_{{3, kSide, kSide}};
  Tensor relevance_{{kSide, kSide}};  // the left half is for class 0
  Tensor opposite_{{kSide, kSide}};
};

TEST_F(Faithfulness, DeletionTakesTheMostRelevantPixelsFirst) {
  const ExchangeCurve curve = deletion_curve(*plan_, image_, relevance_, 0, Tensor(image_.shape()), 4);
  ASSERT_EQ(curve.shares, (std::vector<double>{0, 0.25, 0.5, 0.75, 1}));
  double right = 0;
  for (std::int64_t i = 0; i < image_.elements(); ++i)
    right += i % kSide < kSide / 2 ? 0 : 0.125 * static_cast<double>(image_[i]);
  const double left = 3 * 32 * 0.75 * 0.125;
  EXPECT_NEAR(curve.probabilities[0], sigmoid(left - right), 1e-12);
  EXPECT_NEAR(curve.probabilities[1], sigmoid(left / 2 - right), 1e-12);
  EXPECT_NEAR(curve.probabilities[2], sigmoid(-right), 1e-12);
  EXPECT_NEAR(curve.probabilities[4], 0.5, 1e-12);
}

TEST_F(Faithfulness, InsertionIsDeletionBackwards) {
  const Tensor black(image_.shape());
  const ExchangeCurve deletion = deletion_curve(*plan_, image_, relevance_, 0, black, 7);
  const ExchangeCurve insertion = insertion_curve(*plan_, image_, opposite_, 0, black, 7);
  for (std::size_t i = 0; i <= 7; ++i) {
    // 64 pixels do not divide by 7: the steps from the other end are other ones, but at the ends.
    if (i > 0 && i < 7) continue;
    EXPECT_DOUBLE_EQ(insertion.probabilities[i], deletion.probabilities[7 - i]);
  }
  const ExchangeCurve fine = deletion_curve(*plan_, image_, relevance_, 0, black, kPixels);
  const ExchangeCurve back = insertion_curve(*plan_, image_, opposite_, 0, black, kPixels);
  EXPECT_NEAR(fine.area, back.area, 1e-12);
}

TEST_F(Faithfulness, TellsAMapFromItsOpposite) {
  const Tensor black(image_.shape());
  EXPECT_LT(deletion_curve(*plan_, image_, relevance_, 0, black, 8).area,
            deletion_curve(*plan_, image_, opposite_, 0, black, 8).area);
  EXPECT_LT(confidence_drop(*plan_, image_, relevance_, 0).drop(),
            confidence_drop(*plan_, image_, opposite_, 0).drop());
  EXPECT_TRUE(confidence_drop(*plan_, image_, relevance_, 0).increased());
}

// Filled from the other half, either half says the same: the probability has to depend on one of them only.
TEST_F(Faithfulness, RoadTellsAMapFromItsOpposite) {
  net::Graph graph = halves();
  const net::NodeId bias = graph.add_constant("bias", Tensor({2}, {-6, 0}));
  Tensor left(Shape{2, 3 * kPixels});
  for (std::int64_t i = 0; i < 3 * kPixels; ++i) left[i] = i % kSide < kSide / 2 ? 0.125F : 0.0F;
  const net::NodeId w = graph.add_constant("left", std::move(left));
  graph.set_output(graph.add("left logits", net::Gemm{.transpose_b = true}, {*graph.find("flat"), w, bias}));
  const auto plan = engine::make_engine("reference")->compile(graph, {});
  const RoadOptions options = {.shares = {0.25, 0.5}};
  const Road good = road(*plan, image_, relevance_, 0, options, 1, "a");
  EXPECT_GT(good.combined, 0.1);
  EXPECT_LT(road(*plan, image_, opposite_, 0, options, 1, "a").combined, -0.1);
  EXPECT_DOUBLE_EQ(good.combined,
                   (good.least_first[0] - good.most_first[0] + good.least_first[1] - good.most_first[1]) / 4);
}

TEST_F(Faithfulness, AMaskOfOneValueShowsAllOrNothing) {
  Tensor constant(relevance_.shape());
  EXPECT_NEAR(confidence_drop(*plan_, image_, constant, 0).masked, 0.5, 1e-12);
  std::ranges::fill(constant.values(), 3.0F);
  const ConfidenceDrop all = confidence_drop(*plan_, image_, constant, 0);
  EXPECT_DOUBLE_EQ(all.masked, all.clean);
  EXPECT_EQ(all.drop(), 0);
  EXPECT_FALSE(all.increased());
}

TEST_F(Faithfulness, RefusesMapsOfAnotherSizeAndClassesThatAreNone) {
  const Tensor small({4, 4});
  EXPECT_THROW(confidence_drop(*plan_, image_, small, 0), ContractError);
  EXPECT_THROW(confidence_drop(*plan_, image_, relevance_, 2), ContractError);
  EXPECT_THROW(road(*plan_, image_, relevance_, 0, {.shares = {1.0}}, 1, "a"), ContractError);
}

TEST(RelevanceOrder, PutsTiesInRowMajorOrder) {
  const Tensor map({2, 3}, {1, 3, -1, 3, 0, 1});
  EXPECT_EQ(relevance_order(map), (std::vector<std::int64_t>{1, 3, 0, 5, 4, 2}));
}

TEST(NeutralBaseline, IsWhatPreprocessingMakesZero) {
  net::Graph graph;
  const net::NodeId input = graph.add("input", net::Input{{3, 2, 2}}, {});
  const net::Normalize bgr{.source = {2, 1, 0}, .scale = 255, .mean = {104, 117, 124}, .std = {1, 2, 1}};
  const net::NodeId normalized = graph.add("normalized", bgr, {input});
  graph.set_output(graph.add("flat", net::Flatten{}, {normalized}));
  const Tensor baseline = neutral_baseline(graph, {3, 2, 2});
  const auto plan = engine::make_engine("reference")->compile(graph, {});
  const auto pass = plan->forward(baseline.view().reshaped({1, 3, 2, 2}));
  for (const double v : pass->logits().values()) EXPECT_NEAR(v, 0, 1e-4);
  EXPECT_NEAR(static_cast<double>(baseline[0]), 124.0 / 255, 1e-6);
}

TEST(BlurredBaseline, LeavesAConstantAndKeepsTheMean) {
  Tensor image({3, 20, 20});
  std::ranges::fill(image.values(), 0.3F);
  const Tensor same = blurred_baseline(image);
  for (const float v : same.values()) EXPECT_FLOAT_EQ(v, 0.3F);
  image[400 + 10 * 20 + 10] = 1.0F;  // far from the edges
  const Tensor blurred = blurred_baseline(image);
  const double sum = std::accumulate(blurred.values().begin(), blurred.values().end(), 0.0);
  EXPECT_NEAR(sum, 1200 * 0.3 + 0.7, 1e-3);
}

TEST(Imputation, ContinuesALinearRampExactly) {
  Tensor ramp({3, 9, 9});
  for (std::int64_t i = 0; i < ramp.elements(); ++i)
    ramp[i] = 0.1F + 0.05F * static_cast<float>(i % 9) + 0.04F * static_cast<float>(i / 9 % 9);
  Tensor holed(ramp);
  std::vector<std::int64_t> removed;
  for (std::int64_t y = 2; y < 7; ++y) {
    for (std::int64_t x = 3; x < 6; ++x) {
      removed.push_back(y * 9 + x);
      for (std::int64_t c = 0; c < 3; ++c) holed[c * 81 + removed.back()] = 0.9F;
    }
  }
  const Tensor filled = impute(holed, removed, 0, RandomStream(0, "a"));
  for (std::int64_t i = 0; i < ramp.elements(); ++i) EXPECT_NEAR(filled[i], ramp[i], 1e-6);
}

TEST(Imputation, AddsTheNoiseItIsAskedFor) {
  Tensor grey({3, 40, 40});
  std::ranges::fill(grey.values(), 0.5F);
  std::vector<std::int64_t> removed(1500);
  std::iota(removed.begin(), removed.end(), 50);
  const Tensor filled = impute(grey, removed, 0.02, RandomStream(0, "a"));
  double squares = 0;
  for (std::int64_t i = 0; i < filled.elements(); ++i) {
    const double d = static_cast<double>(filled[i]) - 0.5;
    if (i % 1600 < 50 || i % 1600 >= 1550) {
      EXPECT_EQ(d, 0);
    }
    squares += d * d;
  }
  EXPECT_NEAR(std::sqrt(squares / 4500), 0.02, 0.001);
}

TEST(Imputation, FromOnePixelFillsAll) {
  Tensor image({1, 3, 3});
  image[4] = 0.7F;
  const std::vector<std::int64_t> removed = {0, 1, 2, 3, 5, 6, 7, 8};
  const Tensor filled = impute(image, removed, 0, RandomStream(0, "a"));
  for (const float v : filled.values()) EXPECT_NEAR(v, 0.7F, 1e-6);
  const std::vector<std::int64_t> all = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_THROW(impute(image, all, 0, RandomStream(0, "a")), ContractError);
}

}  // namespace
}  // namespace faultline::compare
