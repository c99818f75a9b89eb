#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/files.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

constexpr int kIo = 6;
constexpr int kInterrupted = 130;

class BadOutput : public testing::Test {
 protected:
  void SetUp() override { write_picture(picture_); }

  std::vector<std::string> writing(const std::string& command) const {
    return {command, tiny_model().string(), picture_.string(), "-o", out_.string(), "-q"};
  }
  void expect_unwritable(const std::vector<std::string>& words, const RunOptions& options,
                         const std::vector<std::string>& parts) const {
    SCOPED_TRACE(words[0]);
    expect_failure(run(words, options), kIo, parts);
    expect_nothing_looks_complete(folder_ / "out");
  }

  TemporaryFolder folder_;
  std::filesystem::path picture_ = folder_ / "picture.png";
  std::filesystem::path out_ = folder_ / "out";
};

TEST_F(BadOutput, AFileInTheWayOfAFolderIsNamed) {
  out_ = folder_ / "file" / "out";
  std::ofstream(folder_ / "file") << "in the way\n";
  for (const char* command : {"attack", "explain", "analyze"})
    expect_unwritable(writing(command), {}, {"cannot make folder", "file"});
  expect_unwritable({"demo", "-o", out_.string()}, {}, {"cannot make folder", "file"});
  out_ = folder_ / "file";
  for (const char* command : {"attack", "explain", "analyze"})
    expect_unwritable(writing(command), {}, {"file"});
  expect_unwritable({"new-model", "vgg11", "--width", "0.02", "--input-size", "32", "-o",
                     (folder_ / "none" / "m.onnx").string()},
                    {}, {"m.onnx", "No such file or directory"});
  EXPECT_EQ(read_file(folder_ / "file"), "in the way\n");
}

TEST_F(BadOutput, AFullDiskIsAnErrorAtWhateverFileItComes) {
  for (const std::uint64_t bytes : {300U, 1'000U, 5'000U, 13'000U, 40'000U}) {
    for (const char* command : {"attack", "explain", "analyze"}) {
      SCOPED_TRACE(std::to_string(bytes) + " bytes");
      std::filesystem::remove_all(out_);
      const Outcome outcome = run(writing(command), {.file_size_limit = bytes});
      if (outcome.exit_code == 0 && bytes > 1'000) continue;
      expect_failure(outcome, kIo, {"cannot write", "File too large"});
      expect_nothing_looks_complete(out_);
    }
  }
}

TEST_F(BadOutput, AFullDiskLeavesNoModel) {
  expect_unwritable({"new-model", "vgg11", "--width", "0.02", "--classes", "10", "--input-size", "32", "-o",
                     (folder_ / "m.onnx").string()},
                    {.file_size_limit = 4'000}, {"m.onnx", "File too large"});
  EXPECT_EQ(files_below(folder_.path()), std::vector<std::string>{"picture.png"});
}

TEST_F(BadOutput, StandardOutputThatIsFullIsAnError) {
  const RunOptions full{.standard_output = "/dev/full"};
  const std::string model = tiny_model().string();
  const std::vector<std::string> parts = {"standard output", "No space left on device"};
  expect_failure(run({"predict", model, picture_.string(), "-q"}, full), kIo, parts);
  expect_failure(run({"predict", model, picture_.string(), "--json"}, full), kIo, parts);
  expect_failure(run({"inspect", model}, full), kIo, parts);
  expect_failure(run({"attack", model, picture_.string(), "-o", out_.string(), "--json"}, full), kIo, parts);
}

// A folder of many pictures, so that a run lasts until it is stopped.
TEST_F(BadOutput, AnInterruptEndsARunSoonAndLeavesNoResult) {
  std::filesystem::create_directory(folder_ / "many");
  for (int i = 0; i < 300; ++i) write_picture(folder_ / ("many/" + std::to_string(i) + ".png"), i);
  for (const char* command : {"analyze", "explain", "attack"}) {
    SCOPED_TRACE(command);
    std::filesystem::remove_all(out_);
    std::vector<std::string> words = writing(command);
    words[2] = (folder_ / "many").string();
    if (words[0] == "attack") words.insert(words.end(), {"--set", "steps=200", "--batch", "2"});
    std::optional<std::chrono::steady_clock::time_point> interrupted;
    const Outcome outcome = run(words, {.interrupt_when = [&] {
                                  if (!files_below(out_).empty())
                                    interrupted = std::chrono::steady_clock::now();
                                  return interrupted.has_value();
                                }});
    expect_failure(outcome, kInterrupted, {"stopped"});
    ASSERT_TRUE(interrupted);
    EXPECT_LT(std::chrono::steady_clock::now() - *interrupted, std::chrono::seconds(10));
    expect_nothing_looks_complete(out_);
  }
}

// Interrupted while the weights are drawn, of which there are millions.
TEST_F(BadOutput, AnInterruptLeavesNoModel) {
  const std::vector<std::string> words = {"new-model",    "vgg11", "--width", "0.6",
                                          "--input-size", "64",    "-o",      (folder_ / "m.onnx").string()};
  expect_failure(run(words, {.interrupt_when = [] { return true; }}), kInterrupted, {"stopped"});
  EXPECT_EQ(files_below(folder_.path()), std::vector<std::string>{"picture.png"});
}

TEST_F(BadOutput, AnInterruptedRunLeavesNoResultOfAnEarlierOne) {
  expect_success(run(writing("analyze")));
  ASSERT_TRUE(std::filesystem::exists(out_ / "index.html"));
  ASSERT_TRUE(std::filesystem::exists(out_ / "analysis.json"));
  expect_failure(run(writing("analyze"), {.file_size_limit = 4'000}), kIo, {"cannot write"});
  expect_nothing_looks_complete(out_);
}

}  // namespace
}  // namespace faultline::test
