#include "study/gallery_rows.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "image/encode.h"

namespace faultline::study {

namespace {

constexpr int kPictureQuality = 85;
constexpr int kPerturbationQuality = 75;

std::vector<std::uint8_t> bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

// Clean, perturbed, and the first Gaussian draw that is as long as the perturbation.
std::vector<std::size_t> shown_inputs(const Analysis& analysis) {
  std::vector<std::size_t> shown = {0, 1};
  for (std::size_t i = 2; i < analysis.inputs.size() && shown.size() == 2; ++i) {
    if (analysis.inputs[i].kind == "gaussian" && analysis.inputs[i].matched) shown.push_back(i);
  }
  return shown;
}

store::PictureRow picture_row(const Analysis& analysis, std::size_t input, const RowKey& key) {
  store::PictureRow row{
      .image = key.image, .condition = key.condition, .input = static_cast<std::int64_t>(input)};
  const Tensor& clean = analysis.inputs.front().pixels;
  if (input == 0) {
    row.webp = bytes_of(encode_webp(clean, kPictureQuality));
    return row;
  }
  const PerturbationPicture picture = picture_of(perturbation_of(analysis.inputs[input].pixels, clean));
  row.scale = picture.scale;
  row.webp = bytes_of(encode_webp(picture.pixels, kPerturbationQuality));
  return row;
}

}  // namespace

SmallMap small_map(DoubleTensorView map) {
  require(map.shape().rank() == 2, "small_map: expected [h,w]");
  const std::int64_t height = map.shape()[0];
  const std::int64_t width = map.shape()[1];
  const std::int64_t cells = (std::max(height, width) + kMapSide - 1) / kMapSide;
  SmallMap small{.height = (height + cells - 1) / cells, .width = (width + cells - 1) / cells};
  std::vector<double> means;
  for (std::int64_t top = 0; top < height; top += cells) {
    for (std::int64_t left = 0; left < width; left += cells) {
      const std::int64_t bottom = std::min(top + cells, height);
      const std::int64_t right = std::min(left + cells, width);
      double sum = 0;
      for (std::int64_t y = top; y < bottom; ++y) {
        for (std::int64_t x = left; x < right; ++x) sum += map[y * width + x];
      }
      means.push_back(sum / static_cast<double>((bottom - top) * (right - left)));
    }
  }
  for (const double mean : means) small.scale = std::max(small.scale, std::abs(mean));
  for (const double mean : means) {
    const long level = small.scale > 0 ? std::lround(127 * (mean / small.scale)) : 0;
    small.values.push_back(static_cast<std::uint8_t>(static_cast<std::int8_t>(level)));
  }
  return small;
}

PerturbationPicture picture_of(TensorView perturbation) {
  PerturbationPicture picture{.pixels = Tensor::uninitialised(perturbation.shape())};
  float largest = 0;
  for (std::int64_t i = 0; i < perturbation.elements(); ++i)
    largest = std::max(largest, std::abs(perturbation[i]));
  for (std::int64_t i = 0; i < perturbation.elements(); ++i)
    picture.pixels[i] = (128 + (largest > 0 ? 127 * (perturbation[i] / largest) : 0)) / 255;
  picture.scale = static_cast<double>(largest);
  return picture;
}

void add_gallery_rows(const Analysis& analysis, const compare::CompareOptions& options, const RowKey& key,
                      ImageRecord& record) {
  for (const std::size_t input : shown_inputs(analysis)) {
    record.pictures.push_back(picture_row(analysis, input, key));
    if (options.methods.empty()) continue;
    for (std::size_t layer = 0; layer < analysis.response.heatmaps.size(); ++layer) {
      const DoubleTensor& maps = analysis.response.heatmaps[layer].front().maps;
      SmallMap small = small_map(maps.row(static_cast<std::int64_t>(input)));
      record.maps.push_back({.image = key.image,
                             .condition = key.condition,
                             .input = static_cast<std::int64_t>(input),
                             .layer = static_cast<std::int64_t>(layer),
                             .method = std::string(options.methods.front().name),
                             .height = small.height,
                             .width = small.width,
                             .scale = small.scale,
                             .values = std::move(small.values)});
    }
  }
}

}  // namespace faultline::study
