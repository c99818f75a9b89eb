#include <gtest/gtest.h>

#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

using Keys = std::set<std::string>;

class AccuracyCommand : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 3; ++i) write_picture(folder_ / (std::to_string(i) + ".png"), i);
  }
  std::vector<std::string> words(const std::vector<std::string>& more) const {
    std::vector<std::string> all = {"accuracy", tiny_model().string(), folder_.path().string()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  TemporaryFolder folder_;
};

TEST_F(AccuracyCommand, PrintsEveryLayerOfEveryPrecision) {
  const Outcome outcome = run(words({"-q"}));
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  for (const char* part : {"3 pictures", "\nf32 ", "\nfast ", "classes changed", "1-cos hirescam",
                           "\nblock1_conv1 ", "\nblock5_conv2 "})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part;
}

TEST_F(AccuracyCommand, WritesItsKeysAsJson) {
  const Outcome outcome = run(words({"--json", "--size", "2"}));
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(keys_of(json),
            (Keys{"version", "model", "model_sha256", "kernel_table", "seed", "images", "precisions"}));
  ASSERT_EQ(json["images"].size(), 2U);
  EXPECT_EQ(keys_of(json["images"][0]), (Keys{"file", "sha256", "class_index"}));
  EXPECT_EQ(json["precisions"][0]["precision"], "f32");
  EXPECT_EQ(json["precisions"][1]["precision"], "fast");
  for (const Json& of : json["precisions"]) {
    EXPECT_EQ(keys_of(of), (Keys{"precision", "logits", "changed_classes", "pgd10", "layers"}));
    EXPECT_EQ(keys_of(of["pgd10"]), (Keys{"successes", "same_verdict_as_f32", "fool_reference_too"}));
    EXPECT_GT(of["logits"]["worst"], 0);
    EXPECT_LE(of["logits"]["median"], of["logits"]["worst"]);
    ASSERT_EQ(of["layers"].size(), 8U);
    for (const Json& layer : of["layers"]) {
      EXPECT_EQ(keys_of(layer), (Keys{"layer", "activation", "gradient", "heatmaps"}));
      EXPECT_EQ(keys_of(layer["gradient"]), (Keys{"median", "worst", "worst_image"}));
      ASSERT_EQ(layer["heatmaps"].size(), 4U);
      EXPECT_EQ(keys_of(layer["heatmaps"][0]), (Keys{"method", "median", "worst", "worst_image"}));
    }
  }
  EXPECT_EQ(json["precisions"][0]["pgd10"]["same_verdict_as_f32"], 2);
}

TEST_F(AccuracyCommand, LeavesOutPrecisionsThatTheMachineLacks) {
  const Outcome outcome = run(words({"--json", "--size", "1"}), {.environment = {"ONEDNN_MAX_CPU_ISA=AVX2"}});
  expect_success(outcome);
  EXPECT_EQ(Json::parse(outcome.out)["precisions"].size(), 2U);
}

TEST_F(AccuracyCommand, StopsOnCtrlC) {
  expect_error_line(run(words({"-q"}), {.interrupt_when = [] { return true; }}), 130, {"stopped"});
}

}  // namespace
}  // namespace faultline::test
