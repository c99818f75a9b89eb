#include "study/mask.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "study/image_list.h"
#include "study/input_image.h"

namespace faultline::study {

Mask load_mask(const std::filesystem::path& file, const formats::Manifest& manifest) {
  const InputImage picture = load_input(file, manifest);
  const Shape& shape = picture.pixels.shape();
  Mask mask{.file = file, .sha256 = picture.sha256, .values = Tensor(shape.without_leading())};
  const std::int64_t pixels = mask.values.elements();
  for (std::int64_t i = 0; i < pixels; ++i) {
    double sum = 0;
    for (std::int64_t c = 0; c < shape[0]; ++c) sum += static_cast<double>(picture.pixels[c * pixels + i]);
    mask.values[i] = sum >= 0.5 * static_cast<double>(shape[0]) ? 1.0F : 0.0F;
  }
  const auto free = std::ranges::count(mask.values.values(), 1.0F);
  if (free == 0) {
    throw Error(ErrorKind::image,
                file.string() +
                    ": a mask without a white pixel at the network's input size leaves nothing to "
                    "change");
  }
  mask.share = static_cast<double>(free) / static_cast<double>(pixels);
  return mask;
}

std::vector<std::filesystem::path> mask_files(const std::filesystem::path& source,
                                              const std::vector<std::filesystem::path>& pictures) {
  if (!std::filesystem::is_directory(source))
    return std::vector<std::filesystem::path>(pictures.size(), source);
  std::multimap<std::string, std::filesystem::path> by_name;
  for (const auto& file : list_images({source.string()})) by_name.emplace(file.stem().string(), file);
  std::vector<std::filesystem::path> masks;
  for (const auto& picture : pictures) {
    const std::string name = picture.stem().string();
    const auto found = by_name.find(name);
    if (found == by_name.end())
      throw Error(ErrorKind::image, source.string() + ": no mask of " + picture.string() +
                                        ", expected a picture '" + name + "' of any format");
    if (by_name.count(name) > 1)
      throw Error(ErrorKind::image, source.string() + ": several pictures '" + name +
                                        "', expected one mask of " + picture.string());
    masks.push_back(found->second);
  }
  return masks;
}

}  // namespace faultline::study
