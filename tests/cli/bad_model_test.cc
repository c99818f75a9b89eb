#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/files.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "formats/onnx_export.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

constexpr int kModel = 3;
constexpr int kUnsupported = 4;
constexpr int kIo = 6;

// Models made from the tiny one by changing its bytes; each command that takes a model refuses them alike.
class BadModel : public testing::Test {
 protected:
  void SetUp() override {
    write_picture(picture_);
    std::filesystem::copy_file(std::filesystem::path(tiny_model()).replace_extension(".json"),
                               folder_ / "bad.json");
  }

  void expect_refused(const std::string& bytes, int exit_code, const std::vector<std::string>& parts) const {
    std::ofstream(model_, std::ios::binary) << bytes;
    const std::string out = (folder_ / "out").string();
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"inspect", model_.string()},
          {"predict", model_.string(), picture_.string()},
          {"attack", model_.string(), picture_.string(), "-o", out},
          {"explain", model_.string(), picture_.string(), "-o", out},
          {"analyze", model_.string(), picture_.string(), "-o", out}}) {
      SCOPED_TRACE(words[0]);
      expect_failure(run(words), exit_code, parts);
    }
    EXPECT_EQ(files_below(out), std::vector<std::string>());
  }

  static std::string good_bytes() { return read_file(tiny_model()); }

  // The tiny model with `count` bytes in its middle, where weights are, set to one value: so whatever their
  // alignment in the file is, the weights there are four such bytes.
  static std::string with_weights_of(char byte, std::size_t count) {
    std::string bytes = good_bytes();
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2), count, byte);
    return bytes;
  }

  TemporaryFolder folder_;
  std::filesystem::path model_ = folder_ / "bad.onnx";
  std::filesystem::path picture_ = folder_ / "picture.png";
};

TEST_F(BadModel, TruncatedAnywhereIsRefused) {
  const std::string good = good_bytes();
  expect_refused("", kModel, {"bad.onnx"});
  expect_refused(good.substr(0, good.size() - 1), kModel, {"bad.onnx"});
  expect_failure((std::ofstream(model_, std::ios::binary) << good.substr(0, good.size() / 2),
                  run({"inspect", model_.string()})),
                 kModel, {"bad.onnx"});
}

TEST_F(BadModel, ATextOrAPictureIsRefused) {
  expect_refused("this is no network\n", kModel, {"bad.onnx"});
  std::ofstream(model_, std::ios::binary) << read_file(picture_);
  expect_failure(run({"inspect", model_.string()}), kModel, {"bad.onnx"});
}

TEST_F(BadModel, FlippedBytesNeverEndInABug) {
  const std::string good = good_bytes();
  for (std::size_t i = 0; i < 24; ++i) {
    std::string bytes = good;
    // Both ends hold the structure; the middle holds weights.
    const std::size_t at = i % 2 == 0 ? i * 37 : bytes.size() - 1 - i * 29;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    std::ofstream(model_, std::ios::binary) << bytes;
    const Outcome outcome = run({"predict", model_.string(), picture_.string(), "-q"});
    SCOPED_TRACE("byte " + std::to_string(at));
    if (outcome.exit_code != 0)
      expect_failure(outcome, outcome.exit_code == kUnsupported ? kUnsupported : kModel, {"bad"});
  }
}

TEST_F(BadModel, AWeightThatIsNotFiniteIsNamed) {
  expect_refused(with_weights_of('\xff', 64), kModel, {"bad.onnx", ".weight", "NaN"});
}

// 0x7e7e7e7e is 8.5e37: products overflow on the way to the logits.
TEST_F(BadModel, WeightsThatOverflowAreAnErrorOfTheModel) {
  std::ofstream(model_, std::ios::binary) << with_weights_of('\x7e', 40'000);
  expect_success(run({"inspect", model_.string()}));
  const std::string out = (folder_ / "out").string();
  for (const std::string command : {"predict", "attack", "explain", "analyze"}) {
    SCOPED_TRACE(command);
    std::vector<std::string> words = {command, model_.string(), picture_.string()};
    if (command != "predict") words.insert(words.end(), {"-o", out});
    expect_failure(run(words), kModel, {"logits are not finite"});
  }
  EXPECT_EQ(files_below(out), std::vector<std::string>());
}

TEST_F(BadModel, OfOneClassHasNothingToConfuseItWith) {
  net::Graph graph;
  const net::NodeId image = graph.add("image", net::Input{Shape{3, 32, 32}}, {});
  const net::NodeId kernel = graph.add_constant("kernel", Tensor(Shape{2, 3, 1, 1}));
  const net::NodeId conv = graph.add("conv", net::Conv{}, {image, kernel});
  const net::NodeId flat = graph.add("flat", net::Flatten{}, {conv});
  const net::NodeId weights = graph.add_constant("weights", Tensor(Shape{std::int64_t{2} * 32 * 32, 1}));
  graph.set_output(graph.add("dense", net::MatMul{}, {flat, weights}));
  formats::write_onnx(graph, model_);
  expect_success(run({"inspect", model_.string()}));
  const std::string out = (folder_ / "out").string();
  for (const std::string command : {"predict", "attack", "explain", "analyze"}) {
    SCOPED_TRACE(command);
    std::vector<std::string> words = {command, model_.string(), picture_.string()};
    if (command != "predict") words.insert(words.end(), {"-o", out});
    expect_failure(run(words), kModel, {command + " needs at least 2 classes, got 1"});
  }
  EXPECT_EQ(files_below(out), std::vector<std::string>());
}

TEST_F(BadModel, AMissingOneIsNamed) {
  expect_failure(run({"inspect", (folder_ / "none.onnx").string()}), kModel, {"none.onnx", "No such file"});
  expect_failure(run({"inspect", folder_.path().string()}), kModel, {folder_.path().filename().string()});
}

TEST_F(BadModel, AnUnsupportedOperatorIsNamed) {
  std::string bytes = good_bytes();
  // Operators of the same length that faultline does not have.
  for (std::size_t at = bytes.find("Flatten"); at != std::string::npos; at = bytes.find("Flatten", at + 1))
    bytes.replace(at, 7, "Nothing");
  expect_refused(bytes, kUnsupported, {"bad.onnx", "Nothing", "flatten"});
}

TEST_F(BadModel, ABadManifestIsNamedWithItsKey) {
  std::filesystem::copy_file(tiny_model(), model_);
  const auto refused = [&](const std::string& content, const std::string& part) {
    std::ofstream(folder_ / "bad.json") << content;
    expect_failure(run({"inspect", model_.string()}), kModel, {"bad.json", part});
  };
  refused("{", "JSON");
  refused("[]", "object");
  refused(R"({"name": "x"})", "faultline_manifest");
  refused(R"({"faultline_manifest": 1, "name": 5})", "name");
  expect_failure(run({"inspect", model_.string(), "--manifest", (folder_ / "none.json").string()}), kModel,
                 {"none.json"});
}

// Weights are used where they lie in the file, so that what a run computes after this would be of no model.
TEST_F(BadModel, WrittenToDuringARunEndsIt) {
  std::filesystem::create_directory(folder_ / "many");
  for (int i = 0; i < 300; ++i) write_picture(folder_ / ("many/" + std::to_string(i) + ".png"), i);
  const std::filesystem::path out = folder_ / "out";
  const std::string good = good_bytes();
  for (const std::string& bytes : {std::string(), good.substr(0, good.size() / 2), good}) {
    SCOPED_TRACE(bytes.size());
    std::ofstream(model_, std::ios::binary) << good;
    std::filesystem::remove_all(out);
    bool written = false;
    const auto write_once = [&] {
      if (written || files_below(out / "figures").empty()) return false;
      written = true;
      std::ofstream(model_, std::ios::binary) << bytes;
      return false;
    };
    const Outcome outcome = run({"analyze", model_.string(), (folder_ / "many").string(), "-o", out.string(),
                                 "--attack", "fgsm", "-q"},
                                {.interrupt_when = write_once});
    EXPECT_TRUE(written);
    expect_failure(outcome, kIo, {"model"});
    EXPECT_FALSE(std::filesystem::exists(out / "index.html"));
    EXPECT_FALSE(std::filesystem::exists(out / "analysis.json"));
  }
}

}  // namespace
}  // namespace faultline::test
