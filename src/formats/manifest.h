#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "net/ops/normalize.h"
#include "net/points.h"

namespace faultline::formats {

// How a photograph becomes the network's input; the same rules as image's, which this layer does not know.
struct ManifestResize {
  enum class Filter { antialias, opencv_linear };
  enum class Geometry { stretch, shorter_side_crop };
  Filter filter = Filter::antialias;
  Geometry geometry = Geometry::stretch;
  int resize_to = 256;        // shorter_side_crop: the shorter side before the centre crop
  bool keep_if_exact = true;  // an image of the network's size is taken as it is
};

// Pixels in [0,1], RGB -> (scale v - mean[c]) / std[c], c in the order `channels`.
struct ManifestInput {
  int width = 224;
  int height = 224;
  bool bgr = false;
  float scale = 1;  // 1: the network expects [0,1] (torchvision); 255: [0,255] (Caffe)
  std::array<float, 3> mean = {0, 0, 0};
  std::array<float, 3> std = {1, 1, 1};
  ManifestResize resize = {};

  net::Normalize normalize() const;
  // Whether the network gets the pixels as they are.
  bool is_identity() const;
};

// What an ONNX file does not say about its network; lies beside it as model.json. See docs/manifest.md.
struct Manifest {
  std::string name;
  ManifestInput input;
  std::vector<std::string> labels;  // one for each class, or none
  std::string labels_file;  // where they came from, relative to the manifest; empty if they stand in it
  std::vector<net::BlockStart> blocks;  // empty: found by map_network
  std::string license;
  std::string source;
};

// Reads a manifest and the labels file it names (a line a class: "wnid name").
// Throws Error{model} naming file and key: not JSON, an unknown or missing key, a wrong type, length or
// range.
Manifest read_manifest(const std::filesystem::path& path);
// Writes it atomically; labels stand in it unless labels_file is set. Throws Error{io}.
void write_manifest(const std::filesystem::path& path, const Manifest& manifest);

// What the large families of models expect:
//   torchvision  RGB in [0,1], ImageNet's mean and std, shorter side to 256, centre crop 224
//   keras-caffe  BGR in [0,255], ImageNet's mean subtracted, straight to 224x224 (Keras' VGG and ResNet
//   weights) none         RGB in [0,1] as it is, straight to 224x224: the model normalises by itself
// Throws Error{usage} listing the presets.
ManifestInput preset(std::string_view name);
// "torchvision, keras-caffe, none"
std::string preset_names();

}  // namespace faultline::formats
