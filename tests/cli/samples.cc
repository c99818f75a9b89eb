#include "cli/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cli/run_program.h"
#include "image/decode.h"
#include "image/encode.h"
#include "temporary_folder.h"
#include "tensor/npy.h"

namespace faultline::test {

namespace fs = std::filesystem;

std::string embedded_model(const std::string& name) {
  return FAULTLINE_SOURCE_DIR "/models/" + name + ".onnx";
}

std::string embedded_picture(const std::string& name) {
  return FAULTLINE_SOURCE_DIR "/images/" + name;
}

const fs::path& tiny_model() {
  static const TemporaryFolder folder;
  static const fs::path path = [] {
    fs::path file = folder / "tiny.onnx";
    expect_success(run({"new-model", "vgg11", "--width", "0.0625", "--classes", "10", "--input-size", "32",
                        "--output", file.string()}));
    return file;
  }();
  return path;
}

void write_picture(const fs::path& file, int variant) {
  Tensor pixels = Tensor::uninitialised({3, 40, 48});
  for (std::int64_t i = 0; i < pixels.elements(); ++i) {
    const std::int64_t line = i / 48;
    const std::int64_t plane = line / 40;
    const auto x = static_cast<double>(i % 48);
    const auto y = static_cast<double>(line % 40);
    const auto channel = static_cast<double>(plane);
    pixels[i] = static_cast<float>(0.5 + 0.4 * std::sin(0.2 * x + 0.11 * y * (channel + 1) + variant));
  }
  write_png(file, pixels);
}

std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code gone;
  for (fs::recursive_directory_iterator at(folder, gone), end; !gone && at != end; at.increment(gone)) {
    std::error_code entry_gone;
    if (at->is_regular_file(entry_gone)) names.push_back(at->path().lexically_relative(folder).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void expect_nothing_looks_complete(const std::filesystem::path& folder) {
  for (const std::string& name : files_below(folder)) {
    SCOPED_TRACE(name);
    EXPECT_EQ(name.find(".partial-"), std::string::npos);
    EXPECT_NE(name, "index.html");
    EXPECT_THAT(name, testing::Not(testing::EndsWith(".json")));
    if (name.ends_with(".png")) read_image(folder / name);
    if (name.ends_with(".npy")) read_npy(folder / name);
  }
}

}  // namespace faultline::test
