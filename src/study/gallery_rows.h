#pragma once

#include "store/rows.h"
#include "study/analysis.h"
#include "study/image_record.h"
#include "study/response_rows.h"

namespace faultline::study {

// What a gallery shows of an image, made small enough to be kept of every one: the clean picture, and of the
// perturbed input and the first matched Gaussian draw their perturbations, as lossy WebP; of all three the
// heatmaps of the first method, of at most kMapSide cells a side.
// About 100 KB an image for a network of 224 pixels and 13 layers.
inline constexpr std::int64_t kMapSide = 56;
void add_gallery_rows(const Analysis& analysis, const compare::CompareOptions& options, const RowKey& key,
                      ImageRecord& record);

// A map [h,w] in 8 bits: means of f x f cells (fewer at the right and lower edge), f the least for which no
// side exceeds kMapSide, each to the nearest multiple of `scale` / 127, `scale` the largest |mean|.
struct SmallMap {
  std::int64_t height = 0;
  std::int64_t width = 0;
  double scale = 0;                       // 0: of zeros
  std::vector<std::uint8_t> values = {};  // [height,width], -127 to 127 as a two's complement
};
SmallMap small_map(DoubleTensorView map);

// A perturbation [3,h,w] as a picture: 128 of 255 is 0, 1 and 255 are -scale and scale, the largest |value|.
struct PerturbationPicture {
  double scale = 0;  // pixel units
  Tensor pixels;
};
PerturbationPicture picture_of(TensorView perturbation);

}  // namespace faultline::study
