#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

using Keys = std::set<std::string>;
using testing::ContainsRegex;
using testing::HasSubstr;

class FaithfulnessCommand : public testing::Test {
 protected:
  void SetUp() override {
    write_picture(folder_ / "a.png");
    write_picture(folder_ / "b.png", 3);
  }
  std::vector<std::string> words(const std::vector<std::string>& more) const {
    std::vector<std::string> all = {
        "faithfulness", tiny_model().string(), (folder_ / "a.png").string(), (folder_ / "b.png").string(),
        "--methods",    "layercam,gradient"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Json json(const std::vector<std::string>& more) const {
    std::vector<std::string> all = words(more);
    all.emplace_back("--json");
    const Outcome outcome = run(all);
    expect_success(outcome);
    EXPECT_EQ(outcome.err, "");
    return Json::parse(outcome.out);
  }

  TemporaryFolder folder_;
};

TEST_F(FaithfulnessCommand, PrintsATableWithWhatChanceGives) {
  const Outcome outcome = run(words({"-q"}));
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out,
              ContainsRegex("^method +deletion +insertion +average-drop +increase +road  pictures\n"));
  for (const char* method : {"layercam", "gradient", "random", "random-coarse"})
    EXPECT_THAT(outcome.out, ContainsRegex("\n" + std::string(method) + "( +-?[01]\\.[0-9]{3}){5}  2\n"));
  EXPECT_THAT(outcome.out, ContainsRegex("\ndeletion: area under .*small is good\n"));
  EXPECT_THAT(outcome.out, ContainsRegex("\nroad: .*large is good\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\nrandom, random-coarse: what chance gives"));
  EXPECT_THAT(outcome.out, testing::Not(ContainsRegex("[^a-z](nan|inf)[^a-z]")));
}

TEST_F(FaithfulnessCommand, JsonHasEveryValueAndTheSettingsInUse) {
  const Json all = json(
      {"--measures", "deletion,road", "--set", "deletion.steps=4", "--seed", "3", "--layer", "block2_conv1"});
  EXPECT_EQ(keys_of(all), (Keys{"version", "model", "model_sha256", "engine", "seed", "layer", "settings",
                                "measures", "images", "methods"}));
  EXPECT_EQ(all["version"], 1);
  EXPECT_EQ(all["seed"], 3);
  EXPECT_EQ(all["layer"], "block2_conv1");
  EXPECT_EQ(all["settings"],
            (Json{{"deletion", {{"steps", 4}, {"baseline", "neutral"}, {"blur_size", 11}, {"blur_sigma", 5}}},
                  {"road", {{"shares", "0.2,0.4,0.6,0.8"}, {"noise", 0.01}}}}));
  ASSERT_EQ(all["images"].size(), 2U);
  EXPECT_EQ(keys_of(all["images"][0]), (Keys{"file", "sha256", "class_index", "label"}));
  ASSERT_EQ(all["measures"].size(), 2U);
  EXPECT_EQ(keys_of(all["measures"][0]), (Keys{"measure", "meaning", "large_is_good"}));
  EXPECT_FALSE(all["measures"][0]["large_is_good"]);
  ASSERT_EQ(all["methods"].size(), 4U);
  EXPECT_EQ(all["methods"][2]["method"], "random");
  for (const Json& method : all["methods"]) {
    ASSERT_EQ(method["measures"].size(), 2U);
    for (const Json& measure : method["measures"]) {
      EXPECT_EQ(keys_of(measure), (Keys{"measure", "mean", "images", "values"}));
      EXPECT_EQ(measure["images"], 2);
      EXPECT_NEAR(measure["mean"].get<double>(),
                  (measure["values"][0].get<double>() + measure["values"][1].get<double>()) / 2, 1e-12);
    }
  }
}

TEST_F(FaithfulnessCommand, TakesParametersFromAFileThatTheCommandLineOverrides) {
  const std::string file = (folder_ / "settings.json").string();
  write_file(file, R"({"deletion": {"steps": 3, "baseline": "black"}, "smoothgrad": {"samples": 2}})");
  const std::vector<std::string> more = {"--methods",  "smoothgrad", "--measures", "deletion",
                                         "--set-file", file,         "--set",      "deletion.steps=5"};
  const Json settings = json(more)["settings"];
  EXPECT_EQ(settings["deletion"]["steps"], 5);
  EXPECT_EQ(settings["deletion"]["baseline"], "black");
  EXPECT_EQ(settings["smoothgrad"]["samples"], 2);
  // What was recorded is such a file.
  write_file(folder_ / "recorded.json", settings.dump());
  const Json again = json({"--measures", "deletion", "--methods", "smoothgrad", "--set-file",
                           (folder_ / "recorded.json").string()});
  EXPECT_EQ(again["settings"], settings);
}

// A black picture has a blank input-x-gradient.
TEST_F(FaithfulnessCommand, CountsThePicturesThatHaveAValue) {
  write_file(folder_ / "black.ppm", "P6\n32 32\n255\n" + std::string(std::size_t{3} * 32 * 32, '\0'));
  const std::vector<std::string> more = {"--methods", "input-x-gradient", "--measures", "average-drop",
                                         (folder_ / "black.ppm").string()};
  const Outcome outcome = run(words(more));
  expect_success(outcome);
  EXPECT_THAT(outcome.out, ContainsRegex("\ninput-x-gradient .*  2 of 3\n"));
  const Json measure = json(more)["methods"][2]["measures"][0];
  EXPECT_EQ(measure["images"], 2);
  EXPECT_TRUE(measure["values"][2].is_null());
}

TEST_F(FaithfulnessCommand, RefusesWhatDoesNotExistWithWhatDoes) {
  const auto refused = [&](const std::vector<std::string>& more, const std::vector<std::string>& parts) {
    expect_failure(run(words(more)), 2, parts);
  };
  refused({"--methods", "scam"}, {"scam", "layercam"});
  refused({"--measures", "truth"}, {"truth", "deletion"});
  refused({"--layer", "nowhere"}, {"nowhere", "block1_conv1"});
  refused({"--set", "deletion.stops=3"}, {"measure deletion: no parameter 'stops'", "steps (integer"});
  refused({"--set", "deletion.steps=0"}, {"measure deletion: steps: got '0', expected an integer, 1 to"});
  refused({"--set", "road.shares=2"}, {"measure road: shares: got '2', expected numbers between 0 and 1"});
  refused({"--set", "smoothgrad.samples=3"}, {"'smoothgrad'", "layercam, gradient, deletion, insertion"});
  refused({"--set", "steps=3"}, {"got 'steps=3', expected NAME.PARAMETER=VALUE", "deletion"});
  refused({"--seed", "-1"}, {"--seed"});
  write_file(folder_ / "settings.json", "{\"deletion\": {\"steps\": 0}}");
  refused({"--set-file", (folder_ / "settings.json").string()}, {"settings.json: measure deletion: steps"});
}

}  // namespace
}  // namespace faultline::test
