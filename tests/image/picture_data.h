#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace faultline::test {

inline std::string data_path(const std::string& name) {
  return std::string(FAULTLINE_SOURCE_DIR) + "/tests/image/data/" + name;
}

// Hex digits to whole numbers of `bytes` bytes each, high byte first.
inline std::vector<int> from_hex(const std::string& hex, std::size_t bytes) {
  std::vector<int> values;
  for (std::size_t i = 0; i < hex.size(); i += 2 * bytes) {
    values.push_back(std::stoi(hex.substr(i, 2 * bytes), nullptr, 16));
  }
  return values;
}

// The largest difference, in steps of 1/maximum, between [3,H,W] in [0,1] and interleaved whole numbers.
inline double largest_difference(TensorView pixels, const std::vector<int>& interleaved, int maximum) {
  EXPECT_EQ(pixels.elements(), static_cast<std::int64_t>(interleaved.size()));
  if (pixels.elements() != static_cast<std::int64_t>(interleaved.size())) return 1e9;
  const std::int64_t plane = pixels.elements() / 3;
  double largest = 0.0;
  for (std::int64_t i = 0; i < pixels.elements(); ++i) {
    const double expected = interleaved[static_cast<std::size_t>(i)];
    const double got = static_cast<double>(pixels[i % 3 * plane + i / 3]) * maximum;
    largest = std::max(largest, std::abs(got - expected));
  }
  return largest;
}

// One line of data/pictures/index.txt.
struct PictureCase {
  std::string file;
  int width = 0;
  int height = 0;
  int maximum = 0;
  double tolerance = 0;
  std::vector<int> expected;
};

inline std::vector<PictureCase> picture_cases() {
  std::ifstream index(data_path("pictures/index.txt"));
  std::vector<PictureCase> cases;
  std::string hex;
  for (PictureCase one;
       index >> one.file >> one.width >> one.height >> one.maximum >> one.tolerance >> hex;) {
    one.expected = from_hex(hex, one.maximum > 255 ? 2 : 1);
    cases.push_back(one);
  }
  return cases;
}

}  // namespace faultline::test
