#include <gtest/gtest.h>

#include "base/files.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

class TwinCommand : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(folder_ / "pictures");
    for (int i = 0; i < 6; ++i) write_picture(folder_ / ("pictures/" + std::to_string(i) + ".png"), i);
  }
  Outcome make(const std::string& seed, const std::string& name = "twin.onnx") const {
    return run({"twin", tiny_model(), (folder_ / "pictures").string(), "-o", (folder_ / name).string(),
                "--seed", seed, "--images", "6", "-q"});
  }

  TemporaryFolder folder_;
};

TEST_F(TwinCommand, WritesAModelThatIsUsedLikeAnyOther) {
  expect_success(make("0"));
  const std::string twin = (folder_ / "twin.onnx").string();
  expect_success(run({"inspect", twin}));
  expect_success(run({"predict", twin, (folder_ / "pictures").string(), "-q"}));
  EXPECT_NE(read_file(folder_ / "twin.json").find("twin 0 of"), std::string::npos);
}

TEST_F(TwinCommand, MakesTheSameOneOnceAndAnotherSeedsAnew) {
  expect_success(make("0"));
  const std::string first = read_file(folder_ / "twin.onnx");
  const Outcome again = make("0");
  expect_success(again);
  EXPECT_NE(again.out.find("made earlier"), std::string::npos);
  expect_success(make("0", "copy.onnx"));
  EXPECT_TRUE(read_file(folder_ / "copy.onnx") == first);
  const Outcome other = make("1");
  expect_success(other);
  EXPECT_EQ(other.out.find("made earlier"), std::string::npos);
  EXPECT_FALSE(read_file(folder_ / "twin.onnx") == first);
}

TEST_F(TwinCommand, SaysWhatItCannotDo) {
  expect_failure(make("0", "twin.txt"), 2, {"twin.txt", ".onnx"});
  expect_failure(make("0", "no/twin.onnx"), 6, {"cannot write", "no/twin.onnx"});
}

}  // namespace
}  // namespace faultline::test
