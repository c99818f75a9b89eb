#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "findings/condition_gatherer.h"
#include "synthetic.h"

namespace faultline::findings {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t kClass = 3, kOther = 5;

// One image with a clean, an adversarial, two gaussian and a boosted input.
struct Image {
  StoredRun run = test::chain({1});  // points: input, conv, pool, fc1, logits; blocks: block1, head
  ConditionRows rows;

  Image() {
    test::list_images(run, 1);
    rows.attacks = {
        {.image = 0, .clean_class = kClass, .made = true, .success = true, .success_rounded = true}};
    add_input(0, "clean", "clean", kClass);
    add_input(1, "adversarial", "adversarial", kOther);
    add_input(2, "gaussian", "gaussian", kClass);
    add_input(3, "gaussian", "gaussian", kOther).draw = 1;
    add_input(4, "boost", "harmless", kClass);
  }
  store::InputRow& add_input(std::int64_t input, std::string kind, std::string role, std::int64_t predicted) {
    rows.inputs.push_back({.image = 0,
                           .input = input,
                           .kind = std::move(kind),
                           .role = std::move(role),
                           .predicted_class = predicted});
    return rows.inputs.back();
  }
  void respond(std::int64_t input, std::int64_t point, double deviation, double step) {
    rows.point_responses.push_back({.image = 0,
                                    .input = input,
                                    .point = point,
                                    .deviation = deviation,
                                    .log_excess = 10 * step,
                                    .step = step,
                                    .alignment = step / 10});
  }
  void map(std::int64_t input, bool blank, std::optional<double> distraction) {
    rows.heatmap_responses.push_back({.image = 0,
                                      .input = input,
                                      .layer = 0,
                                      .method = "layercam",
                                      .blank = blank,
                                      .distraction = distraction});
  }
  ImageEvidence evidence() const {
    return gather(run, test::condition(0, "pgd", "double"), rows).images.at(0);
  }
};

TEST(Gatherer, AveragesDrawsOfAKind) {
  Image image;
  image.respond(2, 1, 0.1, 1);
  image.respond(3, 1, 0.3, 2);
  image.respond(1, 1, 0.9, 5);
  image.rows.contributions = {{.image = 0, .input = 2, .segment = 4, .contribution = 1},
                              {.image = 0, .input = 3, .segment = 4, .contribution = 4}};
  const ImageEvidence of = image.evidence();
  const KindResponse& gaussian = of.kinds.at("gaussian");
  EXPECT_EQ(gaussian.inputs, 2U);
  EXPECT_EQ(gaussian.kept_class, 1U);
  EXPECT_DOUBLE_EQ(*gaussian.step[1], 1.5);
  EXPECT_DOUBLE_EQ(*gaussian.log_excess[1], 15);
  EXPECT_DOUBLE_EQ(*gaussian.alignment[1], 0.15);
  EXPECT_DOUBLE_EQ(*gaussian.contribution[4], 2.5);
  EXPECT_FALSE(gaussian.step[2]);
  EXPECT_DOUBLE_EQ(*of.kinds.at("adversarial").step[1], 5);
  EXPECT_EQ(of.id, test::image_id(0));
}

TEST(Gatherer, LeavesOutWhatIsNotMatched) {
  Image image;
  image.rows.inputs[3].matched = false;
  image.respond(2, 1, 0.1, 1);
  image.respond(3, 1, 0.3, 2);
  const ImageEvidence of = image.evidence();
  EXPECT_EQ(of.unmatched, 1U);
  EXPECT_DOUBLE_EQ(*of.kinds.at("gaussian").step[1], 1);
}

TEST(Gatherer, HarmlessInputsAreThoseThatKeptTheClass) {
  Image image;
  image.add_input(5, "transfer", "harmless", kOther);
  image.add_input(6, "phase", "harmless", kClass);
  for (const std::int64_t input : {4, 5, 6}) image.respond(input, 1, 0.1, static_cast<double>(input));
  const auto steps = image.evidence().harmless_steps;
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_DOUBLE_EQ(*steps[0][1], 4);
  EXPECT_DOUBLE_EQ(*steps[1][1], 6);
}

// The family of a deviating point leaves out the image; see deviating_test.cc for the numbers.
TEST(Gatherer, TestsDeviationsAgainstGaussianDraws) {
  Image image;
  for (const std::int64_t point : {0, 1}) {
    image.respond(2, point, std::exp(1.0), 0);
    image.respond(3, point, std::exp(3.0), 0);
    image.respond(1, point, std::exp(5.0), 0);
  }
  const auto p = image.evidence().deviating_p;
  EXPECT_FALSE(p[0]);
  EXPECT_NEAR(*p[1], 1.0 / 3, 1e-12);
  EXPECT_FALSE(p[2]);
}

TEST(Gatherer, BlankMaps) {
  Image image;
  image.map(0, false, {});
  image.map(1, true, {});
  image.map(2, false, 0.2);
  image.map(3, true, {});
  const ImageEvidence of = image.evidence();
  const MapResponse& adversarial = of.kinds.at("adversarial").maps.at("layercam")[0];
  EXPECT_EQ(adversarial.blank, 1U);
  EXPECT_FALSE(adversarial.distraction);
  EXPECT_DOUBLE_EQ(*adversarial.distraction_blank_one, 1);
  const MapResponse& gaussian = of.kinds.at("gaussian").maps.at("layercam")[0];
  EXPECT_EQ(gaussian.inputs, 2U);
  EXPECT_EQ(gaussian.blank, 1U);
  EXPECT_FALSE(gaussian.first_blank);
  EXPECT_DOUBLE_EQ(*gaussian.distraction, 0.2);
  EXPECT_DOUBLE_EQ(*gaussian.distraction_blank_one, 0.6);
}

TEST(Gatherer, NothingCountsWhereTheCleanMapIsBlank) {
  Image image;
  image.map(0, true, {});
  image.map(1, true, {});
  EXPECT_FALSE(image.evidence().kinds.at("adversarial").maps.at("layercam")[0].distraction_blank_one);
}

// Of boost, whose margin rises, shares of the rise; of others those stored.
TEST(Gatherer, ShapleyShares) {
  Image image;
  for (std::int64_t player = 0; player < 3; ++player) {
    const double value = static_cast<double>(player + 1);
    image.rows.shapley.push_back(
        {.image = 0, .input = 1, .player = player, .value = -value, .share = value / 6});
    image.rows.shapley.push_back({.image = 0, .input = 4, .player = player, .value = value});
    image.rows.shapley.push_back({.image = 0, .input = 2, .player = player, .value = value});
  }
  const ImageEvidence of = image.evidence();
  EXPECT_THAT(of.kinds.at("adversarial").shares, ElementsAre(1.0 / 6, 2.0 / 6, 3.0 / 6));
  EXPECT_THAT(of.kinds.at("boost").shares, ElementsAre(1.0 / 6, 2.0 / 6, 3.0 / 6));
  EXPECT_THAT(of.kinds.at("gaussian").shares, ElementsAre(Measured{}, Measured{}, Measured{}));
}

TEST(Gatherer, GateSetsOfTheAdversarialInput) {
  Image image;
  const auto add = [&](std::int64_t input, std::string question, std::int64_t rank,
                       std::optional<std::int64_t> blocks, std::optional<std::int64_t> size) {
    image.rows.gate_sets.push_back({.image = 0,
                                    .input = input,
                                    .question = std::move(question),
                                    .rank = rank,
                                    .blocks = blocks,
                                    .size = size});
  };
  add(1, "gates-only", 0, 2, 1);
  add(1, "gates-only", 1, 1, 1);
  add(1, "given-linear-path", 0, 0, 0);
  add(1, "restoring", 0, {}, {});
  add(4, "gates-only", 0, 3, 2);
  const ImageEvidence of = image.evidence();
  EXPECT_DOUBLE_EQ(*of.sets.at("gates-only").size, 1);
  EXPECT_THAT(of.sets.at("gates-only").sets, ElementsAre(2, 1));
  EXPECT_DOUBLE_EQ(*of.sets.at("given-linear-path").size, 0);
  EXPECT_FALSE(of.sets.at("restoring").size);
}

TEST(Gatherer, CountsInterventionsOfFlipsThatSurviveRounding) {
  Image image;
  image.rows.interventions = {
      {.image = 0, .kind = "direction", .point = 1, .source = "boost", .value = 8, .limit = 64},
      {.image = 0,
       .kind = "subset",
       .point = 1,
       .source = "pull",
       .value = {},
       .limit = 1,
       .square_share = 0.5}};
  image.rows.substitutions = {
      {.image = 0, .kind = "block", .target = "block1", .direction = "compromise", .decides = true}};
  const auto found = gather(image.run, {}, image.rows);
  const auto& direction = found.interventions.at({.kind = "direction", .source = "boost", .point = 1});
  EXPECT_DOUBLE_EQ(*direction.values.at(0).value, 8);
  const auto& subset = found.interventions.at({.kind = "subset", .source = "pull", .point = 1});
  EXPECT_FALSE(subset.values.at(0).value);
  EXPECT_THAT(subset.square_shares, ElementsAre(0.5));
  EXPECT_EQ(found.substitutions.begin()->second.decides, 1U);
  image.rows.attacks[0].success_rounded = false;
  EXPECT_TRUE(gather(image.run, {}, image.rows).interventions.empty());
  EXPECT_TRUE(gather(image.run, {}, image.rows).substitutions.empty());
}

TEST(Gatherer, DetectionValuesByRole) {
  Image image;
  for (std::int64_t input = 0; input < 5; ++input)
    image.rows.detections.push_back({.image = 0,
                                     .input = input,
                                     .quantity = "noisecam-mass",
                                     .point = 1,
                                     .value = static_cast<double>(input)});
  image.rows.detections.push_back(
      {.image = 0, .input = 1, .quantity = "noisecam-mass", .point = 2, .value = {}});
  const auto found = gather(image.run, {}, image.rows).detection;
  ASSERT_EQ(found.size(), 1U);
  const auto& values = found.begin()->second;
  ASSERT_EQ(values.size(), 4U);  // not boost
  EXPECT_EQ(values[1].input, DetectionInput::adversarial);
  EXPECT_EQ(values[3].input, DetectionInput::gaussian);
  EXPECT_EQ(values[3].draw, 1);
}

TEST(Gatherer, WorstIdentity) {
  Image image;
  image.rows.identities = {{.image = 0, .identity = "steps", .error = 1e-7, .tolerance = 1e-5},
                           {.image = 0, .identity = "steps", .error = 2e-5, .tolerance = 1e-5}};
  const auto found = gather(image.run, {}, image.rows).identities;
  EXPECT_EQ(found.at("steps").checks, 2U);
  EXPECT_EQ(found.at("steps").failures, 1U);
  EXPECT_DOUBLE_EQ(found.at("steps").worst, 2e-5);
}

TEST(Gatherer, SomeImagesAtATimeAreAsAllAtOnce) {
  Image image;
  test::list_images(image.run, 3);
  image.run.images.erase(image.run.images.begin());
  ConditionGatherer gatherer(image.run, {});
  for (const std::int64_t number : {2, 1}) {
    ConditionRows rows;
    rows.attacks = {{.image = number, .clean_class = kClass, .made = true}};
    gatherer.add(rows);
  }
  const ConditionEvidence found = gatherer.finish();
  ASSERT_EQ(found.images.size(), 2U);
  EXPECT_EQ(found.images[0].image, 1);
}

TEST(Gatherer, RefusesWhatTheRunDoesNotHave) {
  Image image;
  image.respond(1, 99, 1, 1);
  EXPECT_THROW(image.evidence(), ContractError);
}

}  // namespace
}  // namespace faultline::findings
