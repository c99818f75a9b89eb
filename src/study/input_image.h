#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "formats/manifest.h"
#include "tensor/tensor.h"

namespace faultline::study {

// A picture as a network sees it.
struct InputImage {
  std::filesystem::path file;
  std::string sha256;  // of the file's content: the picture's identity, also for random streams
  int width = 0;       // of the picture as decoded
  int height = 0;
  Tensor pixels;  // [3,h,w] at the network's input size, RGB, every value k/255
};

// Decodes the picture and brings it to the input size by the manifest's rule. Throws Error{image} naming the
// file.
InputImage load_input(const std::filesystem::path& file, const formats::Manifest& manifest);

// A perturbed input made elsewhere: a .npy file of float [3,h,w] in pixel units at the network's input size,
// or a picture of exactly that size. Throws Error{image} naming the file if size or range do not fit.
Tensor load_perturbed(const std::filesystem::path& file, const formats::Manifest& manifest);

// [3,h,w] each, of one shape -> [N,3,h,w].
Tensor stack(std::span<const Tensor> images);

}  // namespace faultline::study
