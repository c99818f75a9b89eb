#pragma once

#include <gtest/gtest.h>

#include "engine/engine.h"
#include "formats/load_model.h"
#include "formats/onnx_export.h"
#include "formats/vgg.h"
#include "study/input_image.h"
#include "temporary_folder.h"

namespace faultline::test {

// A random network of ten classes for 32 pixels, and a picture of many colours.
class TinyStudy : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const TemporaryFolder folder;
    formats::write_onnx(formats::build_vgg({.layers = 11, .width = 0.0625, .classes = 10, .input_size = 32}),
                        folder / "tiny.onnx");
    formats::Manifest manifest;
    manifest.name = "tiny";
    manifest.input.width = manifest.input.height = 32;
    for (int i = 0; i < 10; ++i) manifest.labels.push_back("label" + std::to_string(i));
    formats::write_manifest(folder / "tiny.json", manifest);
    model_ = formats::load_model(folder / "tiny.onnx");
  }

  void SetUp() override {
    image_.file = "a.png";
    image_.sha256 = "key";
    image_.pixels = Tensor::uninitialised({3, 32, 32});
    for (std::int64_t i = 0; i < image_.pixels.elements(); ++i)
      image_.pixels[i] = static_cast<float>(0.1 + 0.8 * static_cast<double>(i * 37 % 1000) / 999);
  }

  inline static formats::Model model_;
  std::unique_ptr<engine::Engine> engine_ = engine::make_engine("reference");
  study::InputImage image_;
};

}  // namespace faultline::test
