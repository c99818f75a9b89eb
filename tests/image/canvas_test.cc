#include "image/canvas.h"

#include <algorithm>
#include <cmath>

#include "expect_error.h"
#include "file_size_limit.h"
#include "image/decode.h"
#include "image/text.h"
#include "temporary_folder.h"

namespace faultline {
namespace {

std::array<int, 3> pixel(const Image& image, int x, int y) {
  std::array<int, 3> colour{};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto index = (static_cast<std::int64_t>(c) * image.height + y) * image.width + x;
    colour[c] = static_cast<int>(std::lrint(image.pixels[index] * 255.0F));
  }
  return colour;
}

// Pixels darker than mid-grey within [x0, x1) x [y0, y1).
int dark_pixels(const Image& image, int x0, int y0, int x1, int y1) {
  int count = 0;
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) count += pixel(image, x, y)[1] < 128 ? 1 : 0;
  }
  return count;
}

using Rgb = std::array<int, 3>;

TEST(Canvas, ShapesLandWhereTheyAreDrawn) {
  Canvas canvas(40, 30);
  canvas.fill({10, 5, 20, 10}, {1.0, 0.0, 0.0});
  canvas.polygon(std::vector<Point>{{0, 20}, {40, 20}, {40, 30}, {0, 30}}, {0.0, 0.0, 1.0});
  canvas.line({5, 0}, {5, 20}, {.colour = {0.0, 1.0, 0.0}, .width = 2.0});
  const Image image = decode_image(canvas.png(2.0), "canvas");
  EXPECT_EQ(image.width, 80);
  EXPECT_EQ(image.height, 60);
  EXPECT_EQ(pixel(image, 79, 0), (Rgb{255, 255, 255}));
  EXPECT_EQ(pixel(image, 21, 11), (Rgb{255, 0, 0}));
  EXPECT_EQ(pixel(image, 58, 28), (Rgb{255, 0, 0}));
  EXPECT_EQ(pixel(image, 62, 28), (Rgb{255, 255, 255}));
  EXPECT_EQ(pixel(image, 40, 50), (Rgb{0, 0, 255}));
  EXPECT_EQ(pixel(image, 10, 20), (Rgb{0, 255, 0}));
}

TEST(Canvas, PicturesKeepTheirPixels) {
  Canvas canvas(4, 2);
  canvas.picture(Tensor({3, 1, 2}, {1.0F, 0.0F, 0.5F, 0.25F, 0.0F, 1.0F}), {0, 0, 4, 2},
                 Interpolation::nearest);
  const Image image = decode_image(canvas.png(4.0), "canvas");
  for (int y = 0; y < image.height; ++y) {
    EXPECT_EQ(pixel(image, 0, y), (Rgb{255, 128, 0}));
    EXPECT_EQ(pixel(image, 7, y), (Rgb{255, 128, 0}));
    EXPECT_EQ(pixel(image, 8, y), (Rgb{0, 64, 255}));
    EXPECT_EQ(pixel(image, 15, y), (Rgb{0, 64, 255}));
  }
}

TEST(Canvas, TextIsDrawnAtItsAnchor) {
  using Anchor = TextStyle::Anchor;
  const double width = text_width("HHHH", 20);
  const auto drawn = [](const TextStyle& style) {
    Canvas canvas(200, 200);
    canvas.text({100, 100}, "HHHH", style);
    return decode_image(canvas.png(1.0), "canvas");
  };
  const int reach = static_cast<int>(width) + 2;
  const Image start = drawn({.size = 20});
  EXPECT_GT(dark_pixels(start, 100, 85, 100 + reach, 101), 100);
  EXPECT_EQ(dark_pixels(start, 100, 85, 100 + reach, 101), dark_pixels(start, 0, 0, 200, 200));
  const Image end = drawn({.size = 20, .anchor = Anchor::end});
  EXPECT_EQ(dark_pixels(end, 100 - reach, 85, 100, 101), dark_pixels(end, 0, 0, 200, 200));
  const Image upwards = drawn({.size = 20, .rotation_degrees = 90.0});
  EXPECT_EQ(dark_pixels(upwards, 84, 100 - reach, 101, 100), dark_pixels(upwards, 0, 0, 200, 200));
  EXPECT_GT(dark_pixels(upwards, 84, 100 - reach, 101, 100), 100);
  const Image bold = drawn({.size = 20, .bold = true});
  EXPECT_GT(dark_pixels(bold, 0, 0, 200, 200), dark_pixels(start, 0, 0, 200, 200));
}

TEST(Canvas, TheSameDrawingBecomesSvg) {
  Canvas canvas(40, 30);
  canvas.text({2, 20}, "A", {});
  canvas.picture(Tensor({3, 2, 2}), {20, 10, 10, 10});
  const std::string svg = canvas.svg();
  EXPECT_NE(svg.find("<svg "), std::string::npos);
  EXPECT_NE(svg.find("width=\"40px\" height=\"30px\""), std::string::npos) << svg.substr(0, 200);
  EXPECT_NE(svg.find("data:image/png;base64,"), std::string::npos);
  EXPECT_NE(svg.find("glyph"), std::string::npos);
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
}

TEST(Canvas, InvalidTextDoesNotSpoilTheDrawing) {
  Canvas canvas(40, 30);
  canvas.text({2, 20}, "\xff\xfe", {});
  canvas.fill({0, 0, 40, 30}, kBlack);
  EXPECT_EQ(pixel(decode_image(canvas.png(), "canvas"), 10, 10), (Rgb{0, 0, 0}));
}

TEST(Canvas, AHugeCanvasIsScaledDown) {
  const Canvas canvas(50'000, 2);
  EXPECT_EQ(decode_image(canvas.png(), "canvas").width, 32'000);
  EXPECT_THROW(Canvas(0, 10), ContractError);
}

TEST(Canvas, AFullDiskLeavesNoFile) {
  const test::TemporaryFolder folder;
  Canvas canvas(200, 200);
  for (int i = 0; i < 50; ++i) canvas.text({4.0 * i, 4.0 * i}, "text enough to fill a kilobyte", {});
  {
    const test::FileSizeLimit limit(1000);
    test::expect_error([&] { canvas.save_png(folder / "a.png"); }, ErrorKind::io, "a.png");
    test::expect_error([&] { canvas.save_svg(folder / "a.svg"); }, ErrorKind::io, "a.svg");
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  canvas.save_png(folder / "a.png");
  EXPECT_EQ(read_image(folder / "a.png").width, 400);
}

}  // namespace
}  // namespace faultline
