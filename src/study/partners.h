#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace faultline::study {

// Whose perturbation is put on an image as the control `transfer`: the next images in the order of their
// hashes, and round, whose class is another. Names, order and equal copies of files do not matter.
class Partners {
 public:
  // class_of: an image's class, below 0 if it takes no part; is asked once for each image that has to be
  // known.
  Partners(std::vector<std::string> hashes, std::function<int(std::size_t image)> class_of);

  // The image's `count` partners; fewer where there are no more.
  std::vector<std::size_t> of(std::size_t image, int count);

 private:
  int class_of(std::size_t image);

  std::vector<std::string> hashes_;
  std::function<int(std::size_t)> ask_;
  std::vector<std::optional<int>> known_;
  std::vector<std::size_t> order_;
  std::vector<std::size_t> place_;  // of each image in the order
};

// Those of every image, all classes being known.
std::vector<std::vector<std::size_t>> choose_partners(std::span<const std::string> hashes,
                                                      std::span<const int> classes, int count);

}  // namespace faultline::study
