#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "store/store.h"

namespace faultline::test {

// What a study of some size leaves of an image: rows in several tables, numbers that tell images apart.
inline constexpr std::int64_t kInputs = 4;
inline constexpr std::int64_t kPoints = 5;

inline void insert_image(store::Store& store, std::int64_t image) {
  store.insert(store::ImageRow{.image = image, .file = std::to_string(image) + ".png", .status = "studied"});
  std::vector<store::PointResponseRow> responses;
  for (std::int64_t input = 1; input < kInputs; ++input) {
    for (std::int64_t point = 0; point < kPoints; ++point) {
      const double value = static_cast<double>(100 * image + 10 * input + point) / 7;
      responses.push_back(
          {.image = image, .input = input, .point = point, .deviation = value, .pull = -value});
    }
  }
  store.insert<store::PointResponseRow>(responses);
  store.insert(store::GatesRunRow{
      .image = image, .input = 1, .values = std::vector<double>(64, static_cast<double>(image))});
  store.insert(store::TimingRow{.image = image, .seconds = static_cast<double>(image)});
}

inline void commit_image(store::Store& store, std::int64_t image) {
  store.begin();
  insert_image(store, image);
  store.commit();
}

// The images in the store; expects all rows of each.
inline std::vector<std::int64_t> whole_images(const store::Store& store) {
  std::vector<std::int64_t> images;
  for (const store::ImageRow& row : store.read<store::ImageRow>()) images.push_back(row.image);
  std::vector<std::int64_t> games;
  for (const store::GatesRunRow& row : store.read<store::GatesRunRow>()) games.push_back(row.image);
  std::vector<std::int64_t> timings;
  for (const store::TimingRow& row : store.read<store::TimingRow>()) timings.push_back(row.image);
  EXPECT_EQ(games, images);
  EXPECT_EQ(timings, images);
  EXPECT_EQ(store.read<store::PointResponseRow>().size(),
            images.size() * static_cast<std::size_t>((kInputs - 1) * kPoints));
  return images;
}

}  // namespace faultline::test
