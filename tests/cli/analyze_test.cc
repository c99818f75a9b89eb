#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

using Keys = std::set<std::string>;

std::vector<double> numbers(const Json& list) {
  return list.get<std::vector<double>>();
}

// Values that must be there: no null, and so no NaN either.
void expect_complete(const Json& image) {
  for (const Json& input : image["inputs"]) {
    for (const char* key : {"probability", "clean_class_probability", "margin"})
      EXPECT_TRUE(input[key].is_number()) << key;
    for (const char* key : {"l2", "linf"}) EXPECT_TRUE(input["perturbation"][key].is_number()) << key;
  }
  for (const Json& point : image["points"]) {
    EXPECT_TRUE(point["clean_norm"].is_number());
    for (const Json& value : point["pull"]) EXPECT_TRUE(value.is_number());
    for (const Json& value : point["deviation"]) EXPECT_TRUE(value.is_number());
  }
  for (const Json& segment : image["contributions"]) {
    for (const Json& value : segment["contribution"]) EXPECT_TRUE(value.is_number());
  }
}

// m(x') - m(x) = pull of the image + all contributions, for every input.
void expect_margins_telescope(const Json& image) {
  const Json& inputs = image["inputs"];
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    double sum = image["points"].front()["pull"][row].get<double>();
    double scale = std::abs(sum);
    for (const Json& segment : image["contributions"]) {
      const double value = segment["contribution"][row].get<double>();
      sum += value;
      scale = std::max(scale, std::abs(value));
    }
    const double change = inputs[row]["margin"].get<double>() - inputs[0]["margin"].get<double>();
    EXPECT_NEAR(sum, change, 1e-4 * std::max(1.0, scale)) << inputs[row]["kind"];
  }
}

// Along a chain, the steps of the perturbed input sum to its log excess at the logits less that at the image.
void expect_steps_telescope(const Json& image) {
  const Json& points = image["points"];
  EXPECT_TRUE(points.front()["step"][1].is_null());
  double sum = points.front()["log_excess"][1].get<double>();
  for (std::size_t i = 1; i < points.size(); ++i) sum += points[i]["step"][1].get<double>();
  EXPECT_NEAR(sum, points.back()["log_excess"][1].get<double>(), 1e-9);
}

TEST(Analyze, ReportsWhatTheMethodMeasures) {
  const TemporaryFolder folder;
  const Outcome outcome =
      run({"analyze", embedded_model("vgg16-slim-imagenette"),
           embedded_picture("imagenette/1484479b7630af0a.jpg"), "-o", (folder / "out").string(), "--control",
           "gaussian=2", "--control", "shuffled=1", "--control", "boost=1", "--json", "-q"});
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out, read_file(folder / "out" / "analysis.json"));
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(keys_of(json),
            (Keys{"version", "faultline", "model", "engine", "seed", "pixels", "attack", "controls",
                  "heatmap_methods", "heatmap_score", "metrics", "points", "images", "failures"}));
  EXPECT_EQ(json["version"], 2);
  EXPECT_TRUE(json["failures"].empty());
  ASSERT_EQ(json["images"].size(), 1U);
  const Json& image = json["images"][0];
  EXPECT_EQ(keys_of(image),
            (Keys{"file", "sha256", "width", "height", "clean_class", "other_class", "flipped", "attack",
                  "inputs", "points", "contributions", "heatmaps", "words"}));
  EXPECT_TRUE(image["flipped"]);
  std::vector<std::string> kinds;
  for (const Json& input : image["inputs"]) kinds.push_back(input["kind"]);
  EXPECT_EQ(kinds,
            (std::vector<std::string>{"clean", "adversarial", "gaussian", "gaussian", "shuffled", "boost"}));
  EXPECT_EQ(image["points"].size(), json["points"].size());
  EXPECT_EQ(image["heatmaps"].size(), 13 * 4U);
  for (const Json& map : image["heatmaps"]) EXPECT_EQ(map["rows"].size(), kinds.size());
  expect_complete(image);
  expect_margins_telescope(image);
  expect_steps_telescope(image);

  // The control noise is as long as the adversarial.
  const double length = image["inputs"][1]["perturbation"]["l2"];
  for (std::size_t row = 2; row < kinds.size(); ++row)
    EXPECT_NEAR(image["inputs"][row]["perturbation"]["l2"].get<double>(), length, 1e-3 * length);
  // Deviations of the perturbed input are what points say: |A' - A| / |A|, larger at the logits than at the
  // image.
  EXPECT_GT(numbers(image["points"].back()["deviation"])[1],
            numbers(image["points"].front()["deviation"])[1]);
  EXPECT_GE(image["words"].size(), 5U);
}

TEST(Analyze, WritesAReportWhoseFilesAllExist) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "pictures");
  write_picture(folder / "pictures" / "100% <b>&.png");
  write_picture(folder / "pictures" / "plain.png", 3);
  const Outcome outcome = run({"analyze", tiny_model().string(), (folder / "pictures").string(), "-o",
                               (folder / "out").string(), "--control", "gaussian=1", "--svg"});
  expect_success(outcome);
  EXPECT_THAT(outcome.out, testing::HasSubstr("Report: " + (folder / "out" / "index.html").string()));
  const std::string page = read_file(folder / "out" / "index.html");
  EXPECT_THAT(page, testing::HasSubstr("100% &lt;b&gt;&amp;.png"));
  EXPECT_THAT(page, testing::Not(testing::HasSubstr("<b>")));
  std::set<std::string> files;  // a picture leads to itself, and so stands there twice
  for (std::size_t at = 0; (at = page.find("\"figures/", at)) != std::string::npos;) {
    std::string address = page.substr(at + 1, page.find('"', at + 1) - at - 1);
    at += address.size();
    std::string file;
    for (std::size_t i = 0; i < address.size(); ++i) {
      if (address[i] == '%') {
        file += static_cast<char>(std::stoi(address.substr(i + 1, 2), nullptr, 16));
        i += 2;
      } else {
        file += address[i];
      }
    }
    EXPECT_TRUE(std::filesystem::exists(folder / "out" / file)) << file;
    files.insert(file);
  }
  EXPECT_EQ(files.size(), 10U) << "five of each picture";
}

class AnalyzeTiny : public testing::Test {
 protected:
  void SetUp() override { write_picture(picture_); }

  std::string analyze(const std::string& out, const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"analyze", tiny_model().string()};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"-o", (folder_ / out).string(), "-q", "--json"});
    const Outcome outcome = run(words);
    expect_success(outcome);
    EXPECT_EQ(outcome.err, "");
    return outcome.out;
  }

  TemporaryFolder folder_;
  std::filesystem::path picture_ = folder_ / "a.png";
};

TEST_F(AnalyzeTiny, DependsOnTheSeedAndNotOnThreads) {
  const std::string one = analyze("1", {picture_.string(), "--engine", "reference", "--threads", "1"});
  EXPECT_EQ(analyze("2", {picture_.string(), "--engine", "reference", "--threads", "2"}), one);
  const std::string other = analyze("3", {picture_.string(), "--engine", "reference", "--seed", "1"});
  EXPECT_NE(Json::parse(other)["images"][0]["inputs"], Json::parse(one)["images"][0]["inputs"]);
}

TEST_F(AnalyzeTiny, TakesAPairMadeElsewhere) {
  expect_success(
      run({"attack", tiny_model().string(), picture_.string(), "-o", (folder_ / "made").string(), "-q"}));
  const Json whole = Json::parse(analyze("whole", {picture_.string()}))["images"][0];
  for (const std::string name : {"a.npy", "a.png"}) {
    SCOPED_TRACE(name);
    const Json image = Json::parse(analyze(
        "pair-" + name, {"--pair", picture_.string(), (folder_ / "made" / name).string()}))["images"][0];
    EXPECT_FALSE(image.contains("attack"));
    for (const Json& input : image["inputs"]) EXPECT_NE(input["kind"], "boost");
    expect_complete(image);
    expect_margins_telescope(image);
    if (name != "a.npy") continue;
    EXPECT_EQ(image["inputs"][1]["perturbation"], whole["inputs"][1]["perturbation"]);
    EXPECT_EQ(image["points"][3]["deviation"][1], whole["points"][3]["deviation"][1]);
  }
}

// The embedded network, which sees different things in these pictures; the tiny one might not.
TEST_F(AnalyzeTiny, MakesControlsThatNeedTheNetworkOrOtherPictures) {
  const auto analyze = [&](const std::vector<std::string>& pictures) {
    std::vector<std::string> words = {"analyze", embedded_model("vgg16-slim-imagenette")};
    for (const std::string& name : pictures) words.push_back(embedded_picture("imagenette/" + name));
    words.insert(words.end(), {"-o", (folder_ / "out").string(), "-q", "--json", "--attack", "fgsm",
                               "--heatmap", "gradcam", "--control", "transfer=2", "--control",
                               "flip-gaussian=1", "--control", "subcritical=1"});
    const Outcome outcome = run(words);
    expect_success(outcome);
    EXPECT_THAT(outcome.err, testing::IsEmpty());
    return Json::parse(outcome.out)["images"];
  };
  const Json images = analyze({"1484479b7630af0a.jpg", "313ff0037b86260a.jpg", "324278ff7f22b4eb.jpg"});
  for (const Json& image : images) {
    const Json& inputs = image["inputs"];
    ASSERT_TRUE(image["flipped"]);
    int transfers = 0;
    for (const Json& input : inputs) {
      if (input["kind"] == "transfer") {
        ++transfers;
        EXPECT_NEAR(input["perturbation"]["l2"], inputs[1]["perturbation"]["l2"].get<double>(), 1e-2);
      }
      if (!input["matched"]) continue;
      if (input["kind"] == "flip-gaussian") {
        EXPECT_NE(input["class_index"], image["clean_class"]);
      } else if (input["kind"] == "subcritical") {
        EXPECT_EQ(input["class_index"], image["clean_class"]);
      }
    }
    EXPECT_GE(transfers, 1);  // two of the three are churches
    EXPECT_EQ(inputs.size(), 2U + static_cast<std::size_t>(transfers) + 2U);
  }
  const Json reversed = analyze({"324278ff7f22b4eb.jpg", "313ff0037b86260a.jpg", "1484479b7630af0a.jpg"});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(images[i], reversed[2 - i]);
}

TEST_F(AnalyzeTiny, SetsParametersOfControlsAndMetricsByName) {
  const Json plain = Json::parse(analyze("plain", {picture_.string(), "--control", "gaussian=2"}));
  EXPECT_EQ(
      plain["controls"],
      (Json{{{"name", "gaussian"}, {"draws", 2}, {"settings", {{"draws", 2}, {"moments", "per-channel"}}}}}));
  EXPECT_EQ(plain["metrics"][2], (Json{{"name", "iou"}, {"settings", {{"share", 0.2}}}}));
  const Json set =
      Json::parse(analyze("set", {picture_.string(), "--control", "gaussian=2", "--control", "uniform",
                                  "--set", "gaussian.moments=whole-image", "--set", "gaussian.draws=3",
                                  "--set", "iou.share=0.5", "--set", "steps=3"}));
  EXPECT_EQ(set["attack"]["settings"]["steps"], 3);
  EXPECT_EQ(set["controls"][0]["settings"], (Json{{"draws", 3}, {"moments", "whole-image"}}));
  EXPECT_EQ(set["controls"][1]["draws"], 1);
  EXPECT_EQ(set["metrics"][2]["settings"]["share"], 0.5);
  EXPECT_EQ(set["images"][0]["inputs"].size(), 2U + 3U + 1U);
  // The parameters reach what they are of.
  const auto first_std = [](const Json& run) { return run["images"][0]["inputs"][2]["perturbation"]["std"]; };
  EXPECT_NE(first_std(set), first_std(plain));
  const auto overlaps = [](const Json& run) { return run["images"][0]["heatmaps"][0]["rows"][1]["iou"]; };
  EXPECT_NE(overlaps(set), overlaps(plain));
}

TEST_F(AnalyzeTiny, TakesParametersOfControlsFromAFileToo) {
  write_file(folder_ / "settings.json", R"({"steps": 2, "shuffled": {"draws": 1}, "iou": {"share": 0.1}})");
  const Json run =
      Json::parse(analyze("out", {picture_.string(), "--set-file", (folder_ / "settings.json").string()}));
  EXPECT_EQ(run["attack"]["settings"]["steps"], 2);
  EXPECT_EQ(run["controls"][1], (Json{{"name", "shuffled"}, {"draws", 1}, {"settings", {{"draws", 1}}}}));
  EXPECT_EQ(run["metrics"][2]["settings"]["share"], 0.1);
}

TEST_F(AnalyzeTiny, SaysSoWhenThereIsNothingToCompareWith) {
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--eps", "0"},
                                               {"--control", "gaussian=0"},
                                               {"--eps", "1/255", "--norm", "l2"},
                                               {"--metrics", "all", "--pixels", "8bit"},
                                               {"--score", "own", "--heatmap", "gradcam"}}) {
    SCOPED_TRACE(testing::PrintToString(more));
    std::vector<std::string> words = {picture_.string()};
    words.insert(words.end(), more.begin(), more.end());
    const Json image = Json::parse(analyze("out", words))["images"][0];
    expect_complete(image);
    expect_margins_telescope(image);
    for (const std::string sentence : image["words"]) {
      EXPECT_THAT(sentence, testing::Not(testing::ContainsRegex("[^a-zA-Z](nan|inf)[^a-zA-Z]"))) << sentence;
    }
  }
}

}  // namespace
}  // namespace faultline::test
