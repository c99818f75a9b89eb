#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

constexpr int kIo = 6;
constexpr int kInterrupted = 130;

// The demo on data of its own: the tiny network in place of both trained ones, and pictures made here.
class Demo : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(data_ / "models");
    for (const std::string name : {"vgg16-slim-imagenette", "squeezenet1.0"}) {
      fs::copy_file(tiny_model(), data_ / "models" / (name + ".onnx"));
      fs::copy_file(fs::path(tiny_model()).replace_extension(".json"), data_ / "models" / (name + ".json"));
    }
    for (const char* pictures : {"imagenette", "street"}) {
      fs::create_directories(data_ / "images" / pictures);
      write_picture(data_ / "images" / pictures / "0.png");
    }
  }

  std::vector<std::string> demo() const {
    return {"demo", "--data", data_.string(), "-o", out_.string(), "-q"};
  }

  TemporaryFolder folder_;
  fs::path data_ = folder_ / "data";
  fs::path out_ = folder_ / "out";
};

TEST_F(Demo, EndsWithAPageThatLinksTwoReports) {
  const Outcome outcome = run(demo());
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, testing::EndsWith("Report: " + (out_ / "index.html").string() + "\n"));
  const std::string page = read_file(out_ / "index.html");
  for (const std::string part : {"vgg16-slim", "squeezenet"}) {
    EXPECT_THAT(page, testing::HasSubstr("\"" + part + "/index.html\""));
    EXPECT_TRUE(fs::exists(out_ / part / "index.html"));
    EXPECT_TRUE(fs::exists(out_ / part / "analysis.json"));
  }
}

// The limits lie below the size of every file, above a thumbnail's, and above all but the largest figure's.
TEST_F(Demo, OnAFullDiskIsAnErrorAndLeavesNoPage) {
  for (const std::uint64_t bytes : {300U, 5'000U, 400'000U}) {
    SCOPED_TRACE(std::to_string(bytes) + " bytes");
    fs::remove_all(out_);
    expect_error_line(run(demo(), {.file_size_limit = bytes}), kIo, {"cannot write", "File too large"});
    expect_nothing_looks_complete(out_);
  }
}

TEST_F(Demo, ThatIsInterruptedLeavesNoPage) {
  for (int i = 1; i < 200; ++i)
    write_picture(data_ / "images" / "imagenette" / (std::to_string(i) + ".png"), i);
  const auto has_begun = [&] { return !files_below(out_).empty(); };
  expect_error_line(run(demo(), {.interrupt_when = has_begun}), kInterrupted, {"stopped"});
  expect_nothing_looks_complete(out_);
}

}  // namespace
}  // namespace faultline::test
