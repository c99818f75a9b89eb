#include "study/accuracy.h"

#include <gtest/gtest.h>

#include "study/tiny_study.h"

namespace faultline::study {
namespace {

using engine::Precision;

class AccuracyOfTiny : public test::TinyStudy {
 protected:
  Accuracy measure(const std::vector<InputImage>& pictures, const AccuracyOptions& options = {}) const {
    return measure_accuracy(model_, pictures, options, {});
  }
};

TEST(Errors, HaveAMedianAndAWorst) {
  const Errors odd{{3, 1, 2}};
  EXPECT_EQ(odd.median(), 2);
  EXPECT_EQ(odd.worst(), 3);
  EXPECT_EQ(odd.worst_picture(), 0U);
  const Errors even{{1, 4, 2, 8}};
  EXPECT_EQ(even.median(), 3);
  EXPECT_EQ(even.worst_picture(), 3U);
}

TEST(AttackAgreement, CountsEqualVerdicts) {
  EXPECT_EQ(
      agreeing_attacks({.success = {true, true, false, false}}, {.success = {true, false, true, false}}), 2U);
}

TEST_F(AccuracyOfTiny, HasAnEntryForEveryPrecisionLayerMethodAndPicture) {
  InputImage other = image_;
  other.sha256 = "other";
  const Accuracy accuracy = measure({image_, other});
  EXPECT_EQ(accuracy.methods, (std::vector<std::string>{"layercam", "hirescam", "gradcam", "gradcam++"}));
  ASSERT_EQ(accuracy.precisions.size(), engine::available_precisions().size());
  for (const PrecisionAccuracy& of : accuracy.precisions) {
    EXPECT_EQ(of.logits.values.size(), 2U);
    EXPECT_EQ(of.classes.size(), 2U);
    EXPECT_EQ(of.attack.success.size(), 2U);
    EXPECT_EQ(of.attack.reference_success.size(), 2U);
    ASSERT_EQ(of.layers.size(), model_.map.layers.size());
    for (std::size_t l = 0; l < of.layers.size(); ++l) {
      EXPECT_EQ(of.layers[l].name, model_.map.layers[l].name);
      EXPECT_EQ(of.layers[l].activation.values.size(), 2U);
      EXPECT_EQ(of.layers[l].gradient.values.size(), 2U);
      ASSERT_EQ(of.layers[l].heatmaps.size(), 4U);
      for (const Errors& map : of.layers[l].heatmaps) EXPECT_EQ(map.values.size(), 2U);
    }
  }
}

TEST_F(AccuracyOfTiny, FindsRoundOffAndNoMoreAtF32) {
  const Accuracy accuracy = measure({image_}, {.precisions = {Precision::f32}});
  const PrecisionAccuracy& f32 = accuracy.precisions.at(0);
  EXPECT_EQ(accuracy.changed_classes(f32), 0U);
  EXPECT_GT(f32.logits.worst(), 1e-9);
  EXPECT_LT(f32.logits.worst(), 1e-5);
  for (const LayerAccuracy& layer : f32.layers) {
    EXPECT_GT(layer.activation.worst(), 1e-9);
    EXPECT_LT(layer.activation.worst(), 1e-5);
  }
}

// Where the processor has no bfloat16, f32 takes its place.
TEST_F(AccuracyOfTiny, FindsEightBitFactorsAtBf16) {
  const bool has_bf16 = engine::available_precisions().back() == Precision::bf16;
  const Accuracy accuracy = measure({image_}, {.precisions = {Precision::bf16}});
  EXPECT_GT(accuracy.precisions.at(0).logits.worst(), has_bf16 ? 1e-4 : 1e-9);
  EXPECT_LT(accuracy.precisions.at(0).logits.worst(), has_bf16 ? 1e-1 : 1e-5);
}

TEST_F(AccuracyOfTiny, CountsClassesThatChanged) {
  Accuracy accuracy = measure({image_}, {.precisions = {Precision::f32}});
  accuracy.classes[0] = (accuracy.classes[0] + 1) % 10;
  EXPECT_EQ(accuracy.changed_classes(accuracy.precisions[0]), 1U);
}

// Attacks without room change nothing, on any engine; those with much of it fool both.
TEST_F(AccuracyOfTiny, JudgesAttacksOnBothEngines) {
  for (const double eps : {1e-7, 0.5}) {
    SCOPED_TRACE(eps);
    AccuracyOptions options{.precisions = {Precision::fast}};
    options.attack.set("eps", eps);
    const Accuracy accuracy = measure({image_}, options);
    EXPECT_EQ(accuracy.precisions[0].attack.success[0], eps > 0.1);
    EXPECT_EQ(accuracy.precisions[0].attack.reference_success[0], eps > 0.1);
  }
}

TEST_F(AccuracyOfTiny, StopsOnRequest) {
  const std::atomic<bool> stop{true};
  EXPECT_THROW(measure_accuracy(model_, std::vector{image_}, {}, {{}, &stop}), Error);
}

}  // namespace
}  // namespace faultline::study
