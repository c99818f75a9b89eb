#include <gtest/gtest.h>

#include <fstream>

#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "image/decode.h"
#include "temporary_folder.h"
#include "tensor/npy.h"

namespace faultline::test {
namespace {

TEST(Explain, WritesEveryLayerOfSqueezenetUnderASafeName) {
  const TemporaryFolder folder;
  const Outcome outcome =
      run({"explain", embedded_model("squeezenet1.0"), embedded_picture("street/3bd1ba0432603b28.jpg"),
           "--layers", "all", "-o", (folder / "out").string(), "--json", "-q"});
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out, read_file(folder / "out" / "explain.json"));
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["method"], "layercam");
  ASSERT_EQ(json["images"].size(), 1U);
  const Json& image = json["images"][0];
  EXPECT_EQ(image["class_index"], 920);
  ASSERT_EQ(image["layers"].size(), 26U);
  const std::filesystem::path maps = folder / "out" / "3bd1ba0432603b28";
  for (const Json& layer : image["layers"]) {
    SCOPED_TRACE(layer["layer"].get<std::string>());
    const std::string name = escape_file_name(layer["layer"].get<std::string>());
    EXPECT_EQ(layer["file"], (maps / (name + ".npy")).string());
    const Tensor map = read_npy(maps / (name + ".npy"));
    EXPECT_EQ(map.shape(), (Shape{layer["height"].get<int>(), layer["width"].get<int>()}));
    double largest = 0;
    for (const float v : map.values()) {
      EXPECT_GE(v, 0.0F);
      largest = std::max(largest, static_cast<double>(v));
    }
    EXPECT_EQ(largest == 0, layer["blank"].get<bool>());
    EXPECT_EQ(read_image(maps / (name + ".png")).width, 227);
  }
  EXPECT_TRUE(std::filesystem::exists(maps / "fire2%2Fexpand1x1.npy"));
  EXPECT_EQ(read_npy(maps / "conv1.npy").shape(), (Shape{111, 111}));
  EXPECT_EQ(read_npy(maps / "fire9%2Fsqueeze.npy").shape(), (Shape{13, 13}));
  EXPECT_GT(read_image(maps / "contact-sheet.png").width, 500);
  EXPECT_EQ(files_below(maps).size(), 2 * 26 + 1U);
}

TEST(Explain, TakesChosenLayersAClassAndAMethod) {
  const TemporaryFolder folder;
  write_picture(folder / "a.png");
  std::filesystem::create_directory(folder / "b");
  write_picture(folder / "b" / "a.png", 1);
  const auto explain = [&](const std::string& out, const std::vector<std::string>& more) {
    std::vector<std::string> words = {"explain",
                                      tiny_model().string(),
                                      (folder / "a.png").string(),
                                      (folder / "b").string(),
                                      "-o",
                                      (folder / out).string(),
                                      "-q"};
    words.insert(words.end(), more.begin(), more.end());
    expect_success(run(words));
  };
  explain("one", {"--layers", "block1_conv1,block3_conv2", "--class", "3"});
  EXPECT_EQ(files_below(folder / "one"),
            (std::vector<std::string>{"a-2/block1_conv1.npy", "a-2/block1_conv1.png", "a-2/block3_conv2.npy",
                                      "a-2/block3_conv2.png", "a-2/contact-sheet.png", "a/block1_conv1.npy",
                                      "a/block1_conv1.png", "a/block3_conv2.npy", "a/block3_conv2.png",
                                      "a/contact-sheet.png", "explain.json"}));
  EXPECT_EQ(read_json(folder / "one" / "explain.json")["images"][0]["class_index"], 3);
  explain("two", {"--layers", "block1_conv1", "--class", "3", "--method", "gradcam"});
  explain("three", {"--layers", "block1_conv1", "--class", "4"});
  const std::string map = "a/block1_conv1.npy";
  EXPECT_NE(read_file(folder / "one" / map), read_file(folder / "two" / map));
  EXPECT_NE(read_file(folder / "one" / map), read_file(folder / "three" / map));
}

TEST(Explain, TakesEveryMethod) {
  const TemporaryFolder folder;
  write_picture(folder / "a.png");
  const auto explain = [&](const std::string& method, const std::vector<std::string>& more) {
    std::vector<std::string> words = {
        "explain",   tiny_model(), (folder / "a.png").string(), "-o", (folder / method).string(), "-q",
        "--heatmap", method};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  for (const std::string method : {"noisecam", "eigencam", "scorecam", "ablationcam"}) {
    expect_success(explain(method, {"--layers", "block3_conv1"}));
    EXPECT_GT(read_npy(folder / method / "a" / "block3_conv1.npy").elements(), 1) << method;
  }
  for (const std::string method : {"integrated-gradients", "guided-backprop", "lrp-gamma", "fullgrad"}) {
    expect_success(explain(method, {"--normalise", "min-max"}));
    const Json json = read_json(folder / method / "explain.json");
    EXPECT_EQ(json["signed"], method != "fullgrad");
    EXPECT_EQ(json["images"][0]["layers"][0]["layer"], "input");
    const Tensor map = read_npy(folder / method / "a" / "input.npy");
    const bool has_negative = std::ranges::any_of(map.values(), [](float v) { return v < 0; });
    EXPECT_EQ(has_negative, method != "fullgrad") << method;
  }
  expect_failure(explain("gradient", {"--layers", "block1_conv1"}), 2, {"gradient", "--layers"});
  expect_failure(explain("gradient", {"--normalise", "no"}), 2, {"--normalise"});
  const std::string by_default = read_file(folder / "integrated-gradients" / "a" / "input.npy");
  expect_success(explain("integrated-gradients", {"--set", "steps=3", "--set", "baseline=1/4"}));
  EXPECT_NE(read_file(folder / "integrated-gradients" / "a" / "input.npy"), by_default);
  EXPECT_EQ(read_json(folder / "integrated-gradients" / "explain.json")["settings"]["steps"], 3);
  expect_failure(explain("scorecam", {"--set", "steps=3"}), 2, {"scorecam", "steps", "masked"});
  expect_failure(explain("smoothgrad", {"--set", "samples=0"}), 2, {"samples", "1 to"});
}

}  // namespace
}  // namespace faultline::test
