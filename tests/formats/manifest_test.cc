#include "formats/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "expect_error.h"
#include "formats/load_model.h"
#include "formats/onnx_export.h"
#include "formats/onnx_import.h"
#include "formats/vgg.h"
#include "model_builder.h"
#include "temporary_folder.h"

namespace faultline::formats {
namespace {

using test::ModelBuilder;

const std::string kManifest = R"({
  "faultline_manifest": 1, "name": "tiny",
  "input": {"width": 32, "height": 32, "channels": "BGR", "scale": 255, "mean": [1, 2, 3], "std": [4, 5, 6],
            "resize": {"filter": "opencv-linear", "geometry": "shorter-side-crop", "resize_to": 40, "keep_if_exact": false}},
  "labels": ["a", "b", "c"], "blocks": [{"name": "stem", "first_node": "block1_conv1"}], "license": "L", "source": "S"})";

const std::string kBlocks = R"("blocks": [{"name": "stem", "first_node": "block1_conv1"}], )";

class ManifestTest : public testing::Test {
 protected:
  // The manifest above with the first `from` replaced.
  void write(const std::string& from = "", const std::string& to = "") {
    std::string text = kManifest;
    if (!from.empty()) text.replace(text.find(from), from.size(), to);
    write_file(path(), text);
  }
  void write_model(int classes = 3) {
    write_onnx(build_vgg({.layers = 11, .width = 0.05, .classes = classes, .input_size = 32}), model());
  }
  std::filesystem::path path() const { return folder_ / "m.json"; }
  std::filesystem::path model() const { return folder_ / "m.onnx"; }
  void expect_refused(const std::string& from, const std::string& to, const std::string& part) {
    write(from, to);
    test::expect_error([&] { read_manifest(path()); }, ErrorKind::model, "m.json: " + part);
  }

  test::TemporaryFolder folder_;
};

void expect_same(const Manifest& a, const Manifest& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.license, b.license);
  EXPECT_EQ(a.input.mean, b.input.mean);
  EXPECT_EQ(a.input.std, b.input.std);
  EXPECT_EQ(a.input.bgr, b.input.bgr);
  EXPECT_EQ(a.input.resize.filter, b.input.resize.filter);
  EXPECT_EQ(a.input.resize.geometry, b.input.resize.geometry);
  EXPECT_EQ(a.input.resize.resize_to, b.input.resize.resize_to);
  EXPECT_EQ(a.input.resize.keep_if_exact, b.input.resize.keep_if_exact);
  ASSERT_EQ(a.blocks.size(), b.blocks.size());
}

TEST_F(ManifestTest, ReadsWhatItSaysAndWritesItAgain) {
  write();
  const Manifest manifest = read_manifest(path());
  EXPECT_EQ(manifest.name, "tiny");
  EXPECT_EQ(manifest.input.width, 32);
  EXPECT_TRUE(manifest.input.bgr);
  EXPECT_EQ(manifest.input.scale, 255);
  EXPECT_EQ(manifest.input.std, (std::array<float, 3>{4, 5, 6}));
  EXPECT_EQ(manifest.input.resize.filter, ManifestResize::Filter::opencv_linear);
  EXPECT_EQ(manifest.input.resize.geometry, ManifestResize::Geometry::shorter_side_crop);
  EXPECT_EQ(manifest.input.resize.resize_to, 40);
  EXPECT_FALSE(manifest.input.resize.keep_if_exact);
  EXPECT_THAT(manifest.labels, testing::ElementsAre("a", "b", "c"));
  EXPECT_EQ(manifest.blocks.front().first_node, "block1_conv1");
  write_manifest(folder_ / "again.json", manifest);
  expect_same(manifest, read_manifest(folder_ / "again.json"));
}

TEST_F(ManifestTest, LabelsMayStandInAFile) {
  write_file(folder_ / "labels.txt", "n01440764 tench\nn02102040 English springer\r\nn3 c\n");
  write(R"("labels": ["a", "b", "c"])", R"("labels_file": "labels.txt")");
  EXPECT_THAT(read_manifest(path()).labels, testing::ElementsAre("tench", "English springer", "c"));
  write_file(folder_ / "labels.txt", "n01440764 tench\nbroken\n");
  test::expect_error([&] { read_manifest(path()); }, ErrorKind::model,
                     "key 'labels_file': " + (folder_ / "labels.txt").string() + ": line 2");
  std::filesystem::remove(folder_ / "labels.txt");
  test::expect_error([&] { read_manifest(path()); }, ErrorKind::model, "key 'labels_file': cannot open");
}

TEST_F(ManifestTest, NamesTheKeyThatIsWrong) {
  expect_refused(R"("name")", R"("colour": 1, "name")", "key 'colour': is unknown");
  expect_refused(R"("width": 32)", R"("width": "32")", R"(key 'input.width': got "32", expected an integer)");
  expect_refused(R"("width": 32)", R"("width": 0)", "key 'input.width': got 0");
  expect_refused(R"("width": 32, )", "", "key 'input.width': is missing");
  expect_refused(R"("BGR")", R"("GBR")", R"(key 'input.channels': got "GBR", expected "RGB" or "BGR")");
  expect_refused("[1, 2, 3]", "[1, 2]", "key 'input.mean': got [1,2], expected 3 numbers");
  expect_refused("[1, 2, 3]", "[1, 2, null]", "key 'input.mean': got null");
  expect_refused("[4, 5, 6]", "[4, 0, 6]", "key 'input.std': got 0");
  expect_refused("255", "1e99", "key 'input.scale': got 1e+99");
  expect_refused("255", "0", "key 'input.scale': got 0");
  expect_refused(R"("opencv-linear")", R"("bicubic")", R"(key 'input.resize.filter': got "bicubic")");
  expect_refused("40", "31", "key 'input.resize.resize_to': got 31, expected an integer from 32");
  expect_refused(R"("shorter-side-crop")", R"("stretch")", "key 'input.resize.resize_to': has no meaning");
  expect_refused("false", "0", "key 'input.resize.keep_if_exact': got 0");
  expect_refused(R"("b", "c"])", R"(2, "c"])", "key 'labels': got 2 in the list");
  expect_refused(R"("labels")", R"("labels_file": "f", "labels")",
                 "key 'labels_file': is there beside 'labels'");
  expect_refused(R"("first_node")", R"("first")", "key 'blocks[0].first_node': is missing");
  expect_refused(R"("faultline_manifest": 1)", R"("faultline_manifest": 2)",
                 "key 'faultline_manifest': got 2");
  expect_refused("{", "[", "not JSON");
  write_file(path(), "[1]");
  test::expect_error([&] { read_manifest(path()); }, ErrorKind::model, "m.json: got [1], expected an object");
}

TEST(Presets, SayWhatTheFamiliesExpect) {
  const net::Normalize torchvision = preset("torchvision").normalize();
  EXPECT_EQ(torchvision.source, (std::array<int, 3>{0, 1, 2}));
  EXPECT_EQ(torchvision.std[2], 0.225F);
  const net::Normalize caffe = preset("keras-caffe").normalize();
  EXPECT_EQ(caffe.source, (std::array<int, 3>{2, 1, 0}));
  EXPECT_EQ(caffe.scale, 255);
  EXPECT_TRUE(preset("none").is_identity());
  EXPECT_FALSE(preset("torchvision").is_identity());
  test::expect_error([] { preset("tf"); }, ErrorKind::usage,
                     "no preset 'tf', expected one of torchvision, keras-caffe, none");
}

TEST_F(ManifestTest, LoadModelJoinsModelAndManifest) {
  write();
  write_model();
  const Model loaded = load_model(model());
  EXPECT_EQ(loaded.classes, 3);
  const auto& normalize = std::get<net::Normalize>(loaded.graph.node(*loaded.graph.find("normalized")).op);
  EXPECT_EQ(normalize.scale, 255);
  EXPECT_EQ(normalize.source, (std::array<int, 3>{2, 1, 0}));
  loaded.require_logits("attack");
  const Model preset_model = load_model(model(), {.preset = "none"});
  EXPECT_TRUE(preset_model.manifest.input.is_identity());
  EXPECT_EQ(preset_model.manifest.labels.size(), 3U);
}

TEST_F(ManifestTest, TheManifestCutsTheBlocks) {
  write_model();
  write();
  EXPECT_THAT(load_model(model()).map.blocks, testing::ElementsAre("stem"));
  write("block1_conv1", "block9_conv1");
  test::expect_error([&] { load_model(model()); }, ErrorKind::model, "m.json: key 'blocks': ");
  write(kBlocks, "");
  EXPECT_EQ(load_model(model()).map.blocks.size(), 6U);
}

TEST_F(ManifestTest, AModelWithoutLogitsSaysSoWhereTheyAreNeeded) {
  ModelBuilder builder;
  builder.input("x", {-1, 3, 32, 32}).node("GlobalAveragePool", "gap", {"x"}, {"g"});
  write_file(model(), builder.node("Sigmoid", "s", {"g"}, {"y"}).output("y").bytes());
  write(kBlocks, "");
  const Model loaded = load_model(model());
  test::expect_error([&] { loaded.require_logits("attack"); }, ErrorKind::model, "attack needs logits");
}

TEST_F(ManifestTest, NeitherManifestNorPresetIsAnErrorThatListsThePresets) {
  write_model();
  test::expect_error([&] { load_model(model()); }, ErrorKind::usage, "m.json does not exist");
  test::expect_error([&] { load_model(model()); }, ErrorKind::usage, "torchvision, keras-caffe, none");
  const Model loaded = load_model(model(), {.preset = "torchvision"});
  EXPECT_EQ(loaded.manifest.input.width, 32);
  EXPECT_EQ(loaded.manifest.input.resize.resize_to, 37);
  test::expect_error([&] { load_model(model(), {.manifest = folder_ / "other.json"}); }, ErrorKind::model,
                     "other.json");
  test::expect_error([&] { load_model(folder_ / "gone.onnx", {.preset = "none"}); }, ErrorKind::model,
                     "gone.onnx");
}

TEST_F(ManifestTest, ManifestAndNetworkMustFit) {
  write_model(4);
  write();
  test::expect_error([&] { load_model(model()); }, ErrorKind::model,
                     "key 'labels': got 3 labels, expected 4");
  write_model(3);
  write(R"("width": 32)", R"("width": 30)");
  test::expect_error([&] { load_model(model()); }, ErrorKind::model, "takes images of 32 x 32, but");
}

TEST_F(ManifestTest, AnInputIsNeverNormalisedTwice) {
  ModelBuilder builder;
  builder.input("x", {-1, 3, 32, 32})
      .floats("mean", {3, 1, 1}, {1, 2, 3})
      .node("Sub", "minus", {"x", "mean"}, {"c"});
  write_file(model(), builder.node("GlobalAveragePool", "gap", {"c"}, {"y"}).output("y").bytes());
  write(kBlocks, "");
  test::expect_error([&] { load_model(model()); }, ErrorKind::model,
                     "node 'minus' normalises the input already");
  test::expect_error([&] { load_model(model(), {.preset = "torchvision"}); }, ErrorKind::model,
                     "use the preset 'none'");
  EXPECT_EQ(load_model(model(), {.preset = "none"}).classes, 3);
}

TEST_F(ManifestTest, ASymbolicSizeComesFromTheManifest) {
  ModelBuilder builder;
  builder.input("x", {-1, 3, -1, -1}).node("GlobalAveragePool", "gap", {"x"}, {"y"}).output("y");
  write_file(model(), builder.bytes());
  std::string text = kManifest;
  text.replace(text.find(kBlocks), kBlocks.size(), "");
  text.replace(text.find(R"("height": 32)"), 12, R"("height": 20)");
  write_file(path(), text);
  const Model loaded = load_model(model());
  EXPECT_EQ(std::get<net::Input>(loaded.graph.node(loaded.graph.input()).op).sample_shape,
            (Shape{3, 20, 32}));
  test::expect_error([&] { read_onnx(model()); }, ErrorKind::model, "leaves its size open");
}

}  // namespace
}  // namespace faultline::formats
