#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <limits>

#include "base/files.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "image/encode.h"
#include "temporary_folder.h"
#include "tensor/npy.h"

namespace faultline::test {
namespace {

constexpr int kImage = 5;

Tensor grey(const Shape& shape) {
  Tensor pixels(shape);
  std::fill(pixels.values().begin(), pixels.values().end(), 0.25F);
  return pixels;
}

class BadPicture : public testing::Test {
 protected:
  // Every command that takes pictures refuses it, and leaves nothing that looks complete.
  void expect_refused(const std::string& picture, const std::vector<std::string>& parts) const {
    const std::string model = tiny_model().string();
    const std::string out = (folder_ / "out").string();
    for (const std::vector<std::string>& words : {std::vector<std::string>{"predict", model, picture},
                                                  {"attack", model, picture, "-o", out},
                                                  {"explain", model, picture, "-o", out},
                                                  {"analyze", model, picture, "-o", out}}) {
      SCOPED_TRACE(words[0]);
      expect_failure(run(words), kImage, parts);
    }
    EXPECT_EQ(files_below(out), std::vector<std::string>());
  }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return (folder_ / name).string();
  }
  Outcome run_pair(const std::filesystem::path& perturbed) const {
    return run({"analyze", tiny_model().string(), "-o", (folder_ / "out").string(), "--pair", clean_.string(),
                perturbed.string(), "-q"});
  }

  TemporaryFolder folder_;
  std::filesystem::path clean_ = folder_ / "clean.png";
};

TEST_F(BadPicture, TruncatedIsRefused) {
  write_picture(clean_);
  const std::string png = read_file(clean_);
  const std::string jpeg = read_file(embedded_picture("imagenette/1484479b7630af0a.jpg"));
  expect_refused(write("short.png", png.substr(0, png.size() / 2)), {"short.png"});
  expect_refused(write("short.jpg", jpeg.substr(0, jpeg.size() / 2)), {"short.jpg"});
}

TEST_F(BadPicture, OfAnotherFormatIsRefused) {
  expect_refused(write("text.png", "this is no picture\n"), {"text.png"});
  expect_refused(write("empty.jpg", ""), {"empty.jpg"});
}

TEST_F(BadPicture, OrFolderThatIsMissingOrEmptyIsRefused) {
  expect_refused((folder_ / "none.png").string(), {"none.png", "no such file"});
  std::filesystem::create_directory(folder_ / "bare");
  expect_refused((folder_ / "bare").string(), {"bare", "no pictures"});
}

TEST_F(BadPicture, WithALineBreakInItsNameStillGivesOneLine) {
  expect_refused(write("two\nlines\033[31m.png", "x"), {"two lines [31m.png"});
}

// Headers alone, of pictures that would fill a gigabyte.
TEST_F(BadPicture, OfTooManyPixelsIsRefusedByItsHeader) {
  using namespace std::string_literals;
  const std::string png =
      "\x89PNG\r\n\x1a\n"
      "\0\0\0\x0dIHDR\0\0\x4e\x20\0\0\x4e\x20\x08\x02\0\0\0"
      "\x6c\x12\xd1\x6e"
      "\0\0\0\0IDAT\x35\xaf\x06\x1e"s;
  const std::vector<std::string> parts = {"20000 x 20000 pixels", "at most 100.0 megapixels"};
  expect_refused(write("huge.png", png), parts);
  expect_refused(write("huge.ppm", "P6 20000 20000 255\n"), parts);
}

TEST_F(BadPicture, OfOnePixelIsAPictureLikeAnyOther) {
  write_png(folder_ / "dot.png", grey({3, 1, 1}));
  const Outcome predicted = run({"predict", tiny_model().string(), (folder_ / "dot.png").string(), "-q"});
  expect_success(predicted);
  EXPECT_EQ(predicted.err, "");
  expect_success(run({"analyze", tiny_model().string(), (folder_ / "dot.png").string(), "-o",
                      (folder_ / "out").string(), "-q"}));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out" / "index.html"));
}

TEST_F(BadPicture, AmongGoodOnesIsLeftOutOfAnAnalysisAndReported) {
  write_picture(clean_);
  write("text.png", "this is no picture\n");
  const Outcome outcome = run({"analyze", tiny_model().string(), folder_.path().string(), "-o",
                               (folder_ / "out").string(), "--control", "gaussian=1"});
  expect_success(outcome);
  EXPECT_NE(outcome.err.find("left out: "), std::string::npos) << outcome.err;
  EXPECT_NE(read_file(folder_ / "out" / "analysis.json").find("text.png"), std::string::npos);
  EXPECT_NE(read_file(folder_ / "out" / "index.html").find("not analysed"), std::string::npos);
}

TEST_F(BadPicture, APairOfAnotherSizeOrRangeIsRefused) {
  write_picture(clean_);
  expect_failure(run_pair(clean_), kImage, {"clean.png", "[3, 40, 48]", "[3, 32, 32]"});
  const auto refused = [&](const Tensor& pixels, const std::vector<std::string>& parts) {
    write_npy(folder_ / "p.npy", pixels);
    expect_failure(run_pair(folder_ / "p.npy"), kImage, parts);
  };
  refused(Tensor({3, 32, 31}), {"p.npy", "[3, 32, 31]", "[3, 32, 32]"});
  refused(Tensor({32, 32}), {"p.npy", "[32, 32]"});
  Tensor pixels = grey({3, 32, 32});
  pixels[7] = 1.5F;
  refused(pixels, {"p.npy", "1.5", "index 7", "[0,1]"});
  pixels[7] = std::numeric_limits<float>::quiet_NaN();
  refused(pixels, {"p.npy", "nan", "index 7"});
  write("p.npy", "\x93NUMPY");
  expect_failure(run_pair(folder_ / "p.npy"), kImage, {"p.npy"});
  expect_failure(run_pair(folder_ / "none.npy"), kImage, {"none.npy"});
  EXPECT_EQ(files_below(folder_ / "out"), std::vector<std::string>());
}

}  // namespace
}  // namespace faultline::test
