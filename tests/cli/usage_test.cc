#include <gtest/gtest.h>

#include <fstream>

#include "base/files.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

constexpr int kUsage = 2;

// A folder with one picture, and the start of commands on it with the tiny network.
class Usage : public testing::Test {
 protected:
  void SetUp() override { write_picture(picture_); }

  // The command with its model, picture and (where it has one) output folder, and more words.
  std::vector<std::string> words(const std::string& command, const std::vector<std::string>& more) const {
    std::vector<std::string> all = {command, tiny_model().string(), picture_.string()};
    if (command != "predict") all.insert(all.end(), {"-o", (folder_ / "out").string()});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  void expect_refused(const std::string& command, const std::vector<std::string>& more,
                      const std::vector<std::string>& parts) const {
    SCOPED_TRACE(command + " " + testing::PrintToString(more));
    expect_failure(run(words(command, more)), kUsage, parts);
    EXPECT_EQ(files_below(folder_ / "out"), std::vector<std::string>());
  }

  TemporaryFolder folder_;
  std::filesystem::path picture_ = folder_ / "picture.png";
};

TEST_F(Usage, NoCommandOrAnUnknownOnePointsToTheHelp) {
  expect_failure(run({}), kUsage, {"subcommand is required", "faultline --help"});
  expect_failure(run({"analyse"}), kUsage, {"analyse"});
  expect_failure(run({"predict", "--bogus"}), kUsage, {"faultline predict --help"});
  expect_refused("predict", {"--bogus"}, {"--bogus", "faultline predict --help"});
  expect_failure(run({"predict", tiny_model().string()}), kUsage, {"PICTURES"});
  expect_failure(run({"analyze", tiny_model().string(), picture_.string()}), kUsage, {"--output"});
}

TEST_F(Usage, AnEpsOutsideItsRangeIsRefused) {
  for (const std::string eps : {"-1", "8/0", "nan", "2", "inf", " ", "4/255x", "-4/255"}) {
    expect_refused("attack", {"--eps=" + eps}, {"attack pgd: eps: got '" + eps + "', expected"});
    expect_refused("analyze", {"--eps=" + eps}, {"attack pgd: eps: got '" + eps + "', expected"});
  }
  expect_failure(run({"demo", "-o", (folder_ / "out").string(), "--eps=-1"}), kUsage, {"eps", "-1"});
}

TEST_F(Usage, ParametersThatAnAttackRefusesAreRefusedWithItsTable) {
  expect_refused(
      "attack", {"--set", "step_size=nan"},
      {"attack pgd: step_size: got 'nan', expected a size in pixel units", "; its parameters are norm ("});
  expect_refused("analyze", {"--set", "steps=0"}, {"steps: got '0', expected an integer, 1 to 1000000"});
  expect_refused("attack", {"--set", "stepsize=1"},
                 {"no parameter 'stepsize'", "step_size (pixels, 0 to 14189; "});
  expect_refused("attack", {"--set", "steps"}, {"got 'steps', expected PARAMETER=VALUE"});
  expect_refused("attack", {"--attack", "fgsm", "--set", "steps=3"}, {"attack fgsm: no parameter 'steps'"});
  expect_refused("attack", {"--set", "goal=targeted"}, {"goal: got 'targeted', expected --target CLASS"});
  expect_refused("analyze", {"--set", "goal=targeted"}, {"goal: got 'targeted'", "no target"});
}

TEST_F(Usage, AFileOfParametersThatIsNoneIsRefusedByName) {
  const std::string file = (folder_ / "settings.json").string();
  const auto refused = [&](const std::string& content, const std::string& part) {
    std::ofstream(file) << content;
    expect_refused("attack", {"--set-file", file}, {"settings.json: ", part});
  };
  refused("{\"steps\": 0}", "steps: got '0'");
  refused("{\"stepsize\": 1}", "no parameter 'stepsize'");
  refused("{\"steps\": [1]}", "steps: got '[1]'");
  refused("[1]", "expected an object");
  refused("{", "not JSON");
  expect_failure(run(words("attack", {"--set-file", (folder_ / "none.json").string()})), 6, {"none.json"});
}

TEST_F(Usage, AClassOutOfRangeOrUnknownIsRefused) {
  expect_refused("attack", {"--target", "10"}, {"--target 10", "0 to 9"});
  expect_refused("attack", {"--target=-1"}, {"--target -1", "0 to 9"});
  expect_refused("attack", {"--target", "99999999999999999999"}, {"99999999999999999999", "0 to 9"});
  expect_refused("attack", {"--target", "tabby cat"}, {"'tabby cat'", "no such class"});
  expect_refused("explain", {"--class", "10"}, {"--class 10", "0 to 9"});
}

TEST_F(Usage, UnknownNamesAreRefusedWithTheKnownOnes) {
  expect_refused("analyze", {"--heatmap", "saliency"}, {"saliency", "layercam", "gradcam++"});
  expect_refused("analyze", {"--control", "salt"}, {"salt", "gaussian", "shuffled", "phase", "boost"});
  expect_refused("analyze", {"--control", "gaussian=many"}, {"gaussian=many", "NAME=DRAWS"});
  expect_refused("analyze", {"--set", "salt.draws=2"},
                 {"'salt'", "takes no part", "gaussian, shuffled, phase, boost, distraction"});
  expect_refused("analyze", {"--set", "transfer.draws=2"}, {"'transfer'", "takes no part"});
  expect_refused("analyze", {"--set", "gaussian.sigma=2"},
                 {"control gaussian: no parameter 'sigma'", "draws (integer", "moments (choice"});
  expect_refused("analyze", {"--set", "iou.share=2"}, {"metric iou: share: got '2', expected a number"});
  expect_refused("analyze", {"--metrics", "all", "--set", "ssim.window=4"}, {"window: got '4'", "odd"});
  expect_refused("attack", {"--set", "gaussian.draws=2"}, {"attack pgd: no parameter 'gaussian.draws'"});
  expect_refused("analyze", {"--score", "surprise"}, {"surprise", "margin"});
  expect_refused("analyze", {"--attack", "pdg"}, {"--attack", "pdg", "pgd"});
  expect_refused("analyze", {"--norm", "l1"}, {"norm", "l1", "linf"});
  expect_refused("analyze", {"--engine", "cuda"}, {"--engine", "cuda", "reference"});
  expect_refused("explain", {"--method", "saliency"}, {"saliency", "layercam"});
  expect_refused("explain", {"--layers", "block9_conv1"}, {"block9_conv1", "block1_conv1"});
  expect_failure(run({"new-model", "resnet50", "-o", (folder_ / "m.onnx").string()}), kUsage,
                 {"resnet50", "vgg16"});
}

TEST_F(Usage, NumbersOutOfRangeAreRefused) {
  expect_refused("analyze", {"--threads", "-1"}, {"--threads", "-1"});
  expect_refused("analyze", {"--seed", "-1"}, {"--seed", "-1"});
  expect_refused("analyze", {"--seed", "many"}, {"--seed", "many"});
  expect_refused("attack", {"--batch", "0"}, {"--batch"});
  expect_refused("predict", {"--top", "0"}, {"--top"});
}

TEST_F(Usage, ModelsThatCannotBeMadeAreRefused) {
  const std::string file = (folder_ / "new.onnx").string();
  const auto refused = [&](const std::vector<std::string>& more, const std::string& part) {
    SCOPED_TRACE(part);
    std::vector<std::string> all = {"new-model", "vgg11", "-o", file};
    all.insert(all.end(), more.begin(), more.end());
    expect_failure(run(all), kUsage, {part});
  };
  refused({"--width", "nan"}, "width");
  refused({"--width", "-1"}, "width");
  refused({"--width", "1e9"}, "width");
  refused({"--classes", "0"}, "classes");
  refused({"--classes", "2000000000"}, "classes");
  refused({"--input-size", "33"}, "32");
  expect_failure(run({"new-model", "vgg11", "-o", (folder_ / "new.h5").string()}), kUsage,
                 {"new.h5", ".onnx"});
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(Usage, NeitherOrBothOfPicturesAndAPairIsRefused) {
  expect_failure(run({"analyze", tiny_model().string(), "-o", (folder_ / "out").string()}), kUsage,
                 {"PICTURES", "--pair"});
  expect_refused("analyze", {"--pair", "a.png", "b.png"}, {"PICTURES", "--pair"});
}

TEST_F(Usage, AModelWithoutManifestOrPresetListsThePresets) {
  const std::filesystem::path bare = folder_ / "bare.onnx";
  std::filesystem::copy_file(tiny_model(), bare);
  expect_failure(run({"predict", bare.string(), picture_.string()}), kUsage,
                 {"bare.onnx", "no manifest", "torchvision", "keras-caffe", "none"});
  expect_failure(run({"inspect", bare.string(), "--preset", "caffe2"}), kUsage, {"caffe2", "torchvision"});
  expect_success(run({"predict", bare.string(), picture_.string(), "--preset", "torchvision", "-q"}));
}

TEST_F(Usage, TroubleWithTheTableOfTrueClassesNamesIt) {
  const std::filesystem::path table = folder_ / "truth.csv";
  const auto refused = [&](const std::string& content, const std::string& part) {
    std::ofstream(table) << content;
    expect_refused("predict", {"--truth", table.string()}, {part, "truth.csv"});
  };
  refused("", "empty, expected a line that names columns");
  refused("name,class_index\npicture.png,1\n", "no column 'file'");
  refused("file,class\npicture.png,1\n", "no column 'class_index'");
  refused("file,class_index\nother.png,1\n", "no row for picture.png");
  refused("file,class_index\npicture.png,10\n", "class index '10', expected 0 to 9");
  refused("file,class_index\npicture.png,one\n", "class index 'one'");
  expect_failure(run(words("predict", {"--truth", (folder_ / "none.csv").string()})), 6, {"none.csv"});
  expect_refused("predict", {"--truth", "folders"}, {"1 folder", "10"});
}

}  // namespace
}  // namespace faultline::test
