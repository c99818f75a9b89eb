#include "base/error.h"
#include "formats/manifest.h"

namespace faultline::formats {

namespace {

struct PresetRow {
  std::string_view name;
  ManifestInput input;
};

const PresetRow kPresets[] = {
    {"torchvision",
     {.mean = {0.485F, 0.456F, 0.406F},
      .std = {0.229F, 0.224F, 0.225F},
      .resize = {.geometry = ManifestResize::Geometry::shorter_side_crop, .resize_to = 256}}},
    {"keras-caffe", {.bgr = true, .scale = 255, .mean = {103.939F, 116.779F, 123.68F}}},
    {"none", {}},
};

}  // namespace

ManifestInput preset(std::string_view name) {
  for (const PresetRow& row : kPresets) {
    if (row.name == name) return row.input;
  }
  throw Error(ErrorKind::usage, "no preset '" + std::string(name) + "', expected one of " + preset_names());
}

std::string preset_names() {
  std::string names;
  for (const PresetRow& row : kPresets) names += (names.empty() ? "" : ", ") + std::string(row.name);
  return names;
}

net::Normalize ManifestInput::normalize() const {
  net::Normalize op;
  if (bgr) op.source = {2, 1, 0};
  op.scale = scale;
  op.mean = mean;
  op.std = std;
  return op;
}

bool ManifestInput::is_identity() const {
  return !bgr && scale == 1 && mean == std::array<float, 3>{0, 0, 0} && std == std::array<float, 3>{1, 1, 1};
}

}  // namespace faultline::formats
