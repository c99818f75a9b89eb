#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

using Keys = std::set<std::string>;

TEST(Predict, SeesInTheEmbeddedPicturesWhatTheyShow) {
  const Outcome outcome = run({"predict", embedded_model("vgg16-slim-imagenette"),
                               embedded_picture("imagenette"), "--json", "--top", "3"});
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(keys_of(json), (Keys{"version", "images"}));
  EXPECT_EQ(json["version"], 1);
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"1484479b7630af0a", "parachute"}, {"313ff0037b86260a", "church"}, {"324278ff7f22b4eb", "church"},
      {"74dbbe535861d709", "parachute"}, {"9ee13ecd8d6727c0", "church"}, {"b11fa0f292c0178f", "parachute"},
      {"d0fe8afb55c3c7cd", "church"},    {"efeabdd8a05e91f8", "church"}, {"f5b0ed0fbb3b5f74", "French horn"}};
  ASSERT_EQ(json["images"].size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Json& image = json["images"][i];
    EXPECT_EQ(image["file"], embedded_picture("imagenette/" + expected[i].first + ".jpg"));
    ASSERT_EQ(image["top"].size(), 3U);
    EXPECT_EQ(image["top"][0]["label"], expected[i].second);
    double before = 1;
    for (const Json& entry : image["top"]) {
      EXPECT_EQ(keys_of(entry), (Keys{"class_index", "label", "probability"}));
      EXPECT_LE(entry["probability"].get<double>(), before);
      before = entry["probability"].get<double>();
    }
  }
}

TEST(Predict, AgreesWithItselfAcrossEnginesBatchesAndThreads) {
  const auto probability = [](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"predict", embedded_model("squeezenet1.0"),
                                      embedded_picture("street/3bd1ba0432603b28.jpg"), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Json top = Json::parse(run(words).out)["images"][0]["top"][0];
    EXPECT_EQ(top["class_index"], 920);
    EXPECT_EQ(top["label"], "traffic_light");
    return top["probability"].get<double>();
  };
  const double expected = probability({});
  EXPECT_NEAR(expected, 0.7998, 1e-4);
  EXPECT_EQ(probability({"--batch", "1"}), expected);
  EXPECT_NEAR(probability({"--threads", "1"}), expected, 1e-5);
  EXPECT_NEAR(probability({"--engine", "reference"}), expected, 1e-5);
}

TEST(Predict, OfManyPicturesALogHasLinesForHundredths) {
  const TemporaryFolder folder;
  write_picture(folder / "a.png");
  std::vector<std::string> words = {"predict", tiny_model().string()};
  words.insert(words.end(), 450, (folder / "a.png").string());
  words.insert(words.end(), {"--batch", "1"});
  const Outcome outcome = run(words);
  expect_success(outcome);
  const auto lines = std::count(outcome.err.begin(), outcome.err.end(), '\n');
  EXPECT_GE(lines, 50) << outcome.err;
  EXPECT_LE(lines, 110) << outcome.err;
  EXPECT_NE(outcome.err.find("\npredicted 450/450 "), std::string::npos) << outcome.err;
}

TEST(Predict, MeasuresAccuracyWhereTheTruthIsKnown) {
  const TemporaryFolder folder;
  std::string table = "author,file,class_index\n";
  for (int i = 0; i < 3; ++i) {
    write_picture(folder / (std::to_string(i) + ".png"), i);
    table += "\"A, \"\"B\"\"\"," + std::to_string(i) + ".png,4\n";
  }
  std::ofstream(folder / "truth.csv") << table;
  const Outcome outcome = run({"predict", tiny_model().string(), folder.path().string(), "--truth",
                               (folder / "truth.csv").string(), "--json"});
  expect_success(outcome);
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(keys_of(json), (Keys{"version", "images", "accuracy"}));
  int top1 = 0;
  for (const Json& image : json["images"]) {
    EXPECT_EQ(image["true_class"], 4);
    top1 += image["top"][0]["class_index"] == 4 ? 1 : 0;
  }
  EXPECT_EQ(json["accuracy"]["images"], 3);
  EXPECT_EQ(json["accuracy"]["top1"], top1);
  EXPECT_GE(json["accuracy"]["top5"], top1);
}

TEST(Predict, IsSilentOnStderrWhenQuiet) {
  const TemporaryFolder folder;
  write_picture(folder / "a.png");
  const std::vector<std::string> words = {"predict", tiny_model().string(), (folder / "a.png").string()};
  EXPECT_NE(run(words).err, "");
  std::vector<std::string> quiet = words;
  quiet.emplace_back("--quiet");
  EXPECT_EQ(run(quiet).err, "");
  EXPECT_EQ(run(quiet).out, run(words).out);
}

TEST(Inspect, DescribesSqueezenet) {
  const Outcome outcome = run({"inspect", embedded_model("squeezenet1.0"), "--json"});
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(keys_of(json), (Keys{"version", "name", "sha256", "parameters", "classes", "gives_logits",
                                 "opset", "producer", "input", "notes", "blocks", "layers", "points"}));
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["parameters"], 1248424);
  EXPECT_EQ(json["classes"], 1000);
  EXPECT_EQ(json["input"]["width"], 227);
  EXPECT_EQ(json["input"]["channels"], "BGR");
  EXPECT_EQ(json["layers"].size(), 26U);
  EXPECT_EQ(json["layers"][1]["name"], "fire2/squeeze");
  EXPECT_EQ(json["points"].front()["shape"], Json({3, 227, 227}));
  EXPECT_EQ(json["points"].back()["name"], "logits");
  EXPECT_EQ(json["points"].back()["shape"], Json({1000}));
}

TEST(Inspect, ShowsNodesOnRequest) {
  const Outcome outcome = run({"inspect", tiny_model().string(), "--nodes"});
  expect_success(outcome);
  EXPECT_NE(outcome.out.find("\nnodes\n"), std::string::npos);
  EXPECT_NE(outcome.out.find("block1_conv1_relu"), std::string::npos);
}

}  // namespace
}  // namespace faultline::test
