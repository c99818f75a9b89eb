#pragma once

#include <filesystem>

#include "store/store.h"

namespace faultline::serve::test {

// A run without a network to speak of, whose images have pictures and maps: what there is to be served.
inline store::Store begin_run(const std::filesystem::path& folder,
                              const std::string& created = "2026-01-01T00:00:00Z") {
  return store::Store::create(folder, {.program_version = "0",
                                       .model_file = "net.onnx",
                                       .model_sha256 = "abc",
                                       .configuration = "{}",
                                       .created = created});
}

inline void add_image(store::Store& store, std::int64_t image) {
  const auto byte = static_cast<std::uint8_t>(image);
  store.begin();
  store.insert(store::ImageRow{.image = image,
                               .id = std::to_string(image),
                               .file = std::to_string(image) + ".png",
                               .status = image % 4 == 3 ? "misclassified" : "studied"});
  for (const std::int64_t input : {0, 1}) {
    store.insert(
        store::InputRow{.image = image, .input = input, .kind = input == 0 ? "clean" : "adversarial"});
    store.insert(store::PictureRow{.image = image, .input = input, .webp = {byte, 1, 2}});
    store.insert(store::MapRow{
        .image = image, .input = input, .method = "layercam", .height = 1, .width = 2, .values = {1, byte}});
  }
  store.commit();
}

}  // namespace faultline::serve::test
