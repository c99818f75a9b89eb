#include "image/encode.h"

#include <cmath>
#include <limits>

#include "base/files.h"
#include "base/philox.h"
#include "expect_error.h"
#include "file_size_limit.h"
#include "image/decode.h"
#include "temporary_folder.h"

namespace faultline {
namespace {

Tensor random_pixels(int height, int width) {
  Tensor pixels({3, height, width});
  const RandomStream random(1, "encode");
  for (std::int64_t i = 0; i < pixels.elements(); ++i) {
    pixels[i] = static_cast<float>(random.uniform(static_cast<std::uint64_t>(i)));
  }
  return pixels;
}

TEST(Encode, ReadsBackWhatItWrites) {
  const test::TemporaryFolder folder;
  const Tensor pixels = random_pixels(7, 5);
  write_png(folder / "a.png", pixels);
  const Image image = read_image(folder / "a.png");
  const Tensor rounded = round_to_8bit(pixels);
  ASSERT_EQ(image.pixels.shape(), pixels.shape());
  for (std::int64_t i = 0; i < pixels.elements(); ++i) EXPECT_EQ(image.pixels[i], rounded[i]);
}

TEST(EncodeWebp, IsCloseToThePicture) {
  Tensor pixels({3, 24, 32});  // smooth: random ones are not what a lossy file keeps
  for (std::int64_t i = 0; i < pixels.elements(); ++i)
    pixels[i] = 0.5F + 0.4F * std::sin(0.1F * static_cast<float>(i % 32 + i / 32 % 24));
  const Image image = decode_image(encode_webp(pixels, 90), "a.webp");
  ASSERT_EQ(image.pixels.shape(), pixels.shape());
  for (std::int64_t i = 0; i < pixels.elements(); ++i) EXPECT_NEAR(image.pixels[i], pixels[i], 0.04);
  EXPECT_LT(encode_webp(pixels, 20).size(), encode_webp(pixels, 95).size());
}

TEST(EncodeWebp, RefusesWhatItCannotHold) {
  EXPECT_THROW(encode_webp(random_pixels(2, 2), 101), ContractError);
  EXPECT_THROW(encode_webp(Tensor({1, 2, 2}), 50), ContractError);
  EXPECT_THROW(encode_webp(Tensor({3, 1, 16384}), 50), ContractError);
  Tensor pixels = random_pixels(2, 2);
  pixels[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(encode_webp(pixels, 50), ContractError);
}

TEST(Encode, SixteenBitsKeepMore) {
  const Tensor pixels = random_pixels(4, 6);
  const Image image = decode_image(encode_png(pixels, 16), "a");
  for (std::int64_t i = 0; i < pixels.elements(); ++i)
    EXPECT_NEAR(image.pixels[i], pixels[i], 0.51F / 65535.0F);
}

TEST(Encode, RoundsToTheNearestLevelAndClips) {
  const Tensor rounded =
      round_to_8bit(Tensor({6}, {-0.1F, 1.1F, 0.4F / 255, 0.6F / 255, 254.4F / 255, 128.0F / 255}));
  const int expected[] = {0, 255, 0, 1, 254, 128};
  for (int i = 0; i < 6; ++i) EXPECT_EQ(rounded[i], static_cast<float>(expected[i]) / 255.0F);
  for (int k = 0; k <= 255; ++k) EXPECT_EQ(to_level(static_cast<float>(k) / 255.0F, 255), k);
}

// Anything within half a step of a level (0.00196) goes to it.
TEST(Encode, RoundingKeepsTheGridAndWhatIsNearIt) {
  for (int k = 0; k <= 255; ++k) {
    const float level = static_cast<float>(k) / 255.0F;
    const Tensor rounded = round_to_8bit(Tensor({3}, {level, level + 0.0019F, level - 0.0019F}));
    for (std::int64_t i = 0; i < 3; ++i) EXPECT_EQ(rounded[i], level);
  }
}

TEST(Encode, AFigureKeepsItsPixels) {
  std::vector<unsigned char> rgb;
  for (int i = 0; i < 5 * 7 * 3; ++i) rgb.push_back(static_cast<unsigned char>(i * i % 251));
  const Image image = decode_image(encode_figure_png(rgb, 7, 5), "figure");
  ASSERT_EQ(image.pixels.shape(), (Shape{3, 5, 7}));
  for (std::int64_t i = 0; i < 35; ++i) {
    for (std::int64_t c = 0; c < 3; ++c)
      EXPECT_EQ(to_level(image.pixels[c * 35 + i], 255), rgb[static_cast<std::size_t>(3 * i + c)]);
  }
  EXPECT_THROW(encode_figure_png(rgb, 7, 6), ContractError);
  EXPECT_THROW(encode_figure_png({}, 0, 0), ContractError);
}

TEST(Encode, RefusesWhatIsNoPicture) {
  EXPECT_THROW(encode_png(Tensor({1, 4, 4})), ContractError);
  EXPECT_THROW(encode_png(Tensor({3, 0, 4})), ContractError);
  EXPECT_THROW(encode_png(Tensor({3, 4, 4}), 4), ContractError);
  EXPECT_THROW(to_level(std::numeric_limits<float>::quiet_NaN(), 255), ContractError);
}

TEST(Encode, AFullDiskLeavesNoFile) {
  const test::TemporaryFolder folder;
  const Tensor pixels = random_pixels(64, 64);
  {
    const test::FileSizeLimit limit(1000);
    test::expect_error([&] { write_png(folder / "a.png", pixels); }, ErrorKind::io, "a.png");
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Encode, AMissingFolderIsAnIoError) {
  const test::TemporaryFolder folder;
  test::expect_error([&] { write_png(folder / "no/a.png", Tensor({3, 1, 1})); }, ErrorKind::io, "no/a.png");
}

}  // namespace
}  // namespace faultline
