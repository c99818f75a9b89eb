#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "image/scaled_map.h"
#include "net/points.h"
#include "tensor/tensor.h"

namespace faultline::cli {

struct ExplainedLayer {
  std::string name;
  net::NodeId node = -1;
};

// One picture's heatmaps.
struct Explanation {
  std::filesystem::path file;
  Tensor pixels;  // [3,h,w]
  int class_index = 0;
  std::string label;
  double probability = 0;
  std::string method;
  MapScale scale = MapScale::maximum;  // of the pictures
  std::vector<ExplainedLayer> layers;
  std::vector<DoubleTensor> maps;  // one a layer, raw [h,w], signed if the method's are
};

bool is_blank(const DoubleTensor& map);

// Writes <layer>.npy and <layer>.png for every layer, and contact-sheet.png, into the folder, which is made.
void write_explanation(const Explanation& explanation, const std::filesystem::path& folder);

}  // namespace faultline::cli
