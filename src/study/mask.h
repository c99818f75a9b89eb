#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "formats/manifest.h"
#include "tensor/tensor.h"

namespace faultline::study {

// Where a picture may be changed: black pixels of a mask picture keep the picture's own values.
struct Mask {
  std::filesystem::path file;
  std::string sha256;
  Tensor values;     // [h,w] at the network's input size: 1 where the picture may be changed, else 0
  double share = 0;  // of the pixels that may be
};

// The mask picture is brought to the input size by the manifest's rule, as the picture it belongs to; where
// its mean over channels is then 0.5 or more, the picture may be changed. Throws Error{image} naming the file
// if it cannot be decoded, or leaves nothing to change.
Mask load_mask(const std::filesystem::path& file, const formats::Manifest& manifest);

// The mask of each picture: `source` itself, a file, or, a folder, the one picture below it with the same
// name but for its extension. [pictures]. Throws Error{image} naming a picture without a mask, or with
// several.
std::vector<std::filesystem::path> mask_files(const std::filesystem::path& source,
                                              const std::vector<std::filesystem::path>& pictures);

}  // namespace faultline::study
