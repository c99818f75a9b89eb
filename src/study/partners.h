#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace faultline::study {

// Whose perturbation is put on an image as the control `transfer`: for each image the next `count` images, in
// the order of their hashes and round, whose class is another. Fewer where there are no more.
//   hashes, classes: one for each image; a class below 0 takes no part.
// Names, order and equal copies of files do not matter.
std::vector<std::vector<std::size_t>> choose_partners(std::span<const std::string> hashes,
                                                      std::span<const int> classes, int count);

}  // namespace faultline::study
