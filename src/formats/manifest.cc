#include "formats/manifest.h"

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "base/json_object.h"
#include "base/one_line.h"

namespace faultline::formats {

using nlohmann::json;

namespace {

constexpr int kVersion = 1;
constexpr int kMaxSide = 65536;

std::array<float, 3> three(const std::vector<float>& values) {
  return {values[0], values[1], values[2]};
}

// One of two spellings.
bool is_second(JsonObject& object, const std::string& key, const std::string& first,
               const std::string& second) {
  const std::string got = object.text(key);
  if (got != first && got != second)
    object.refuse(key, "got \"" + got + "\", expected \"" + first + "\" or \"" + second + "\"");
  return got == second;
}

ManifestResize read_resize(JsonObject object, const ManifestInput& input) {
  ManifestResize resize;
  if (is_second(object, "filter", "antialias", "opencv-linear"))
    resize.filter = ManifestResize::Filter::opencv_linear;
  if (is_second(object, "geometry", "stretch", "shorter-side-crop")) {
    resize.geometry = ManifestResize::Geometry::shorter_side_crop;
    resize.resize_to = object.integer("resize_to", std::max(input.width, input.height), kMaxSide);
  } else if (object.has("resize_to")) {
    object.refuse("resize_to", "has no meaning with geometry \"stretch\"");
  }
  resize.keep_if_exact = object.flag_or("keep_if_exact", true);
  object.finish();
  return resize;
}

ManifestInput read_input(JsonObject object) {
  ManifestInput input;
  input.width = object.integer("width", 1, kMaxSide);
  input.height = object.integer("height", 1, kMaxSide);
  input.bgr = is_second(object, "channels", "RGB", "BGR");
  input.scale = object.number("scale");
  if (!(input.scale > 0))
    object.refuse("scale", "got " + std::to_string(input.scale) + ", expected more than 0");
  input.mean = three(object.numbers("mean", 3));
  input.std = three(object.numbers("std", 3));
  for (const float std : input.std) {
    if (!(std > 0)) object.refuse("std", "got " + std::to_string(std) + ", expected more than 0");
  }
  input.resize = read_resize(object.object("resize"), input);
  object.finish();
  return input;
}

// A file that cannot be read is an error of the model that it describes.
std::string read_text(const std::filesystem::path& path) {
  try {
    return read_file(path);
  } catch (const Error& error) {
    throw Error(ErrorKind::model, error.what());
  }
}

std::vector<std::string> read_labels_file(const std::filesystem::path& path) {
  std::vector<std::string> labels;
  const std::string content = read_text(path);
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = std::min(content.find('\n', begin), content.size());
    std::string line = content.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const std::size_t space = line.find(' ');
    if (space == 0 || space == std::string::npos || space + 1 == line.size()) {
      throw Error(ErrorKind::model, one_line(path.string() + ": line " + std::to_string(labels.size() + 1) +
                                             " is \"" + line + "\", expected \"wnid name\""));
    }
    labels.push_back(line.substr(space + 1));
    begin = end + 1;
  }
  return labels;
}

void read_labels(JsonObject& object, const std::filesystem::path& folder, Manifest& manifest) {
  if (object.has("labels") && object.has("labels_file"))
    object.refuse("labels_file", "is there beside 'labels', expected one of them");
  if (object.has("labels")) manifest.labels = object.texts("labels");
  if (!object.has("labels_file")) return;
  manifest.labels_file = object.text("labels_file");
  try {
    manifest.labels = read_labels_file(folder / manifest.labels_file);
  } catch (const Error& error) {
    object.refuse("labels_file", error.what());
  }
}

std::vector<net::BlockStart> read_blocks(JsonObject& object) {
  std::vector<net::BlockStart> blocks;
  if (!object.has("blocks")) return blocks;
  for (JsonObject& entry : object.objects("blocks")) {
    blocks.push_back({entry.text("name"), entry.text("first_node")});
    entry.finish();
  }
  return blocks;
}

json parse(const std::filesystem::path& path) {
  const std::string content = read_text(path);
  try {
    return json::parse(content);
  } catch (const json::exception& error) {
    throw Error(ErrorKind::model, one_line(path.string() + ": not JSON: " + error.what()));
  }
}

json input_to_json(const ManifestInput& input) {
  json resize = {
      {"filter", input.resize.filter == ManifestResize::Filter::antialias ? "antialias" : "opencv-linear"},
      {"keep_if_exact", input.resize.keep_if_exact}};
  if (input.resize.geometry == ManifestResize::Geometry::stretch) {
    resize["geometry"] = "stretch";
  } else {
    resize["geometry"] = "shorter-side-crop";
    resize["resize_to"] = input.resize.resize_to;
  }
  return {{"width", input.width}, {"height", input.height}, {"channels", input.bgr ? "BGR" : "RGB"},
          {"scale", input.scale}, {"mean", input.mean},     {"std", input.std},
          {"resize", resize}};
}

}  // namespace

Manifest read_manifest(const std::filesystem::path& path) {
  const json content = parse(path);
  JsonObject object(content, ErrorKind::model, path.string(), "");
  object.integer("faultline_manifest", kVersion, kVersion);
  Manifest manifest;
  manifest.name = object.text("name");
  manifest.input = read_input(object.object("input"));
  read_labels(object, path.parent_path(), manifest);
  manifest.blocks = read_blocks(object);
  manifest.license = object.text_or("license", "");
  manifest.source = object.text_or("source", "");
  object.finish();
  return manifest;
}

void write_manifest(const std::filesystem::path& path, const Manifest& manifest) {
  json content = {
      {"faultline_manifest", kVersion}, {"name", manifest.name}, {"input", input_to_json(manifest.input)}};
  if (!manifest.labels_file.empty()) {
    content["labels_file"] = manifest.labels_file;
  } else if (!manifest.labels.empty()) {
    content["labels"] = manifest.labels;
  }
  for (const net::BlockStart& start : manifest.blocks) {
    content["blocks"].push_back({{"name", start.block}, {"first_node", start.first_node}});
  }
  if (!manifest.license.empty()) content["license"] = manifest.license;
  if (!manifest.source.empty()) content["source"] = manifest.source;
  write_file(path, content.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

}  // namespace faultline::formats
