// Damaged files: whatever is done to the bytes, the decoder returns a picture or throws Error{image}.

#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "base/philox.h"
#include "image/decode.h"
#include "picture_data.h"

namespace faultline {
namespace {

// Small enough that a flipped size costs no time.
constexpr DecodeOptions kOptions{.max_pixels = 1'000'000};

enum class Outcome { picture, refused };

Outcome decode(const std::string& bytes) {
  try {
    const Image image = decode_image(bytes, "damaged", kOptions);
    EXPECT_EQ(image.pixels.shape(), (Shape{3, image.height, image.width}));
    for (const float value : image.pixels.values()) {
      if (!(value >= 0.0F && value <= 1.0F)) ADD_FAILURE() << "a pixel of " << value;
    }
    return Outcome::picture;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::image) << error.what();
    EXPECT_EQ(std::string(error.what()).find("damaged: "), 0U) << error.what();
    return Outcome::refused;
  }
}

TEST(Hostile, EveryTruncationIsRefused) {
  for (const auto& one : test::picture_cases()) {
    const std::string bytes = read_file(test::data_path("pictures/" + one.file));
    // The last byte of a text file may be white space, or a digit without which the number is another one.
    const bool is_text = bytes.starts_with("P2") || bytes.starts_with("P3");
    const std::size_t longest = bytes.size() - (is_text ? 6 : 1);
    for (std::size_t length = 0; length <= longest; ++length) {
      ASSERT_EQ(decode(bytes.substr(0, length)), Outcome::refused)
          << one.file << " cut to " << length << " bytes";
    }
    ASSERT_EQ(decode(bytes), Outcome::picture) << one.file;
  }
}

TEST(Hostile, FlippedBytesNeverCrash) {
  int refused = 0;
  int pictures = 0;
  for (const auto& one : test::picture_cases()) {
    const std::string bytes = read_file(test::data_path("pictures/" + one.file));
    const RandomStream random(7, "flips/" + one.file);
    for (std::uint64_t trial = 0; trial < 100; ++trial) {
      std::string damaged = bytes;
      const std::uint64_t flips = 1 + random.below(64 * trial, 8);
      for (std::uint64_t i = 1; i <= flips; ++i) {
        const std::uint64_t at = random.below(64 * trial + 2 * i, damaged.size());
        damaged[at] = static_cast<char>(random.below(64 * trial + 2 * i + 1, 256));
      }
      (decode(damaged) == Outcome::refused ? refused : pictures) += 1;
    }
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(pictures, 100);
}

TEST(Hostile, FlippedOrientationBlocksNeverCrash) {
  const std::string bytes = read_file(test::data_path("pictures/orientation-6.webp"));
  const std::size_t block = bytes.find("MM");
  ASSERT_NE(block, std::string::npos);
  const RandomStream random(8, "exif");
  for (std::uint64_t trial = 0; trial < 2000; ++trial) {
    std::string damaged = bytes;
    for (std::uint64_t i = 0; i < 3; ++i) {
      damaged[block + random.below(8 * trial + 2 * i, bytes.size() - block)] =
          static_cast<char>(random.below(8 * trial + 2 * i + 1, 256));
    }
    EXPECT_EQ(decode(damaged), Outcome::picture);
  }
}

}  // namespace
}  // namespace faultline
