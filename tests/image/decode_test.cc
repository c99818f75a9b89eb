#include "image/decode.h"

#include "base/files.h"
#include "expect_error.h"
#include "picture_data.h"
#include "temporary_folder.h"

namespace faultline {
namespace {

TEST(Decode, EveryVariantMatchesPillow) {
  const auto cases = test::picture_cases();
  ASSERT_EQ(cases.size(), 52U);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.file);
    const Image image = read_image(test::data_path("pictures/" + one.file));
    EXPECT_EQ(image.width, one.width);
    EXPECT_EQ(image.height, one.height);
    EXPECT_EQ(image.pixels.shape(), (Shape{3, one.height, one.width}));
    // Composited pixels are not rounded, the stored ones are: half a step; the rest is float rounding.
    const bool composited =
        one.file.find("alpha") != std::string::npos || one.file.find("rgba") != std::string::npos;
    EXPECT_LE(test::largest_difference(image.pixels, one.expected, one.maximum),
              one.tolerance + (composited ? 0.501 : 0.01));
  }
}

TEST(Decode, EightBitValuesAreExactlyLevels) {
  std::string ppm = "P5 256 1 255 ";
  for (int i = 0; i < 256; ++i) ppm += static_cast<char>(i);
  const Image image = decode_image(ppm, "ramp");
  for (int i = 0; i < 256; ++i) {
    for (int c = 0; c < 3; ++c) EXPECT_EQ(image.pixels[c * 256 + i], static_cast<float>(i) / 255.0F);
  }
}

TEST(Decode, FormatIsToldByContentNotByName) {
  const test::TemporaryFolder folder;
  write_file(folder / "photo.jpg", read_file(test::data_path("pictures/png-rgb.png")));
  EXPECT_EQ(read_image(folder / "photo.jpg").width, 13);
}

TEST(Decode, RefusesWhatItCannotReadByName) {
  const auto refused = [](std::string_view bytes, const std::string& part) {
    test::expect_error([&] { decode_image(bytes, "a.x"); }, ErrorKind::image, "a.x: " + part);
  };
  refused("", "the file is empty");
  refused("GIF89a", "not a picture");
  refused("P", "not a picture");
  refused("P4 8 1 x", "a Netpbm file of kind P4");
  refused("P7\nWIDTH 1", "a Netpbm file of kind P7");
  refused("P6 0 4 255 ", "0 x 4 pixels");
  refused("P6 4 x", "damaged PPM or PGM: no number where its height");
  refused("P6 99999999999 1 255 ", "damaged PPM or PGM: its width is too large");
  refused("P5 1 1 65536 ab", "damaged PPM or PGM: its maximum is not in");
  refused("P5 1 1 0 a", "damaged PPM or PGM: its maximum is not in");
  refused("P5 1 1 200 \xff", "damaged PPM or PGM: a sample is above");
  refused("P2 2 1 255 1 256", "damaged PPM or PGM: a sample is above");
  refused("P2 2 1 255 1 -1", "damaged PPM or PGM: no number where its next sample");
  refused("P5 4 4 255 abc", "damaged PPM or PGM: the file ends early");
  refused("\xff\xd8\xff", "damaged JPEG");
  refused("\x89PNG\r\n\x1a\n", "damaged PNG");
  refused(std::string_view("RIFF\4\0\0\0WEBP", 12), "damaged WebP");
  refused(read_file(test::data_path("pictures/webp-animated.webp")), "an animated WebP");
}

TEST(Decode, AMissingFileOrAFolderIsAnImageError) {
  const test::TemporaryFolder folder;
  test::expect_error([&] { read_image(folder / "absent.png"); }, ErrorKind::image, "absent.png");
  test::expect_error([&] { read_image(folder.path()); }, ErrorKind::image, folder.path().string());
}

TEST(Decode, PixelLimitHoldsInEveryFormat) {
  for (const std::string name :
       {"jpeg-444.jpg", "png-rgb.png", "webp-lossy.webp", "ppm-p6.ppm", "pgm-p2.pgm"}) {
    const std::string path = test::data_path("pictures/" + name);
    EXPECT_EQ(read_image(path, {.max_pixels = std::int64_t{13} * 9}).width, 13);
    test::expect_error([&] { read_image(path, {.max_pixels = std::int64_t{13} * 9 - 1}); }, ErrorKind::image,
                       name + ": 13 x 9 pixels, expected at most 0.1 megapixels");
  }
}

TEST(Decode, AHugeClaimIsRefusedFromTheHeader) {
  // The size in the header alone is changed: nothing of that size can be allocated or decoded.
  std::string png = read_file(test::data_path("pictures/png-rgb.png"));
  const std::string header("\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0\x0f\xb0\xe2\x15", 17);
  png.replace(16, header.size(), header);
  test::expect_error([&] { decode_image(png, "huge.png"); }, ErrorKind::image,
                     "huge.png: 60000 x 60000 pixels, expected at most 100.0 megapixels");
  test::expect_error([] { decode_image("P6 100001 100001 255 ", "huge.ppm"); }, ErrorKind::image,
                     "huge.ppm: 100001 x 100001 pixels, expected at most 100.0 megapixels");
  test::expect_error([] { decode_image("P6 2147483647 2147483647 255 ", "huge.ppm"); }, ErrorKind::image,
                     "expected at most 100.0 megapixels");
  std::string jpeg = read_file(test::data_path("pictures/jpeg-444.jpg"));
  const std::size_t frame = jpeg.find("\xff\xc0");
  jpeg.replace(frame + 5, 4, "\xea\x60\xea\x60");
  test::expect_error([&] { decode_image(jpeg, "huge.jpg"); }, ErrorKind::image, "60000 x 60000 pixels");
}

TEST(Decode, OnePixelIsAPicture) {
  const Image image = decode_image("P3 1 1 255 0 128 255", "one");
  EXPECT_EQ(image.pixels.shape(), (Shape{3, 1, 1}));
  EXPECT_EQ(image.pixels[1], 128.0F / 255.0F);
}

}  // namespace
}  // namespace faultline
