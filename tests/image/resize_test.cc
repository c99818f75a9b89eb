#include "image/resize.h"

#include "expect_error.h"
#include "image/encode.h"
#include "picture_data.h"

namespace faultline {
namespace {

// The picture of scripts/oracles/resize.py.
Image make_picture(int width, int height) {
  Image image{width, height, Tensor({3, height, width})};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int ramp = width > height ? x * 255 / std::max(width - 1, 1) : y * 255 / std::max(height - 1, 1);
      for (int c = 0; c < 3; ++c) {
        const std::uint64_t mix = 7919ULL * static_cast<unsigned>(x) + 104729ULL * static_cast<unsigned>(y) +
                                  1299709ULL * static_cast<unsigned>(c) + 12345ULL;
        const auto noise = static_cast<int>(mix * 2654435761ULL % 4294967296ULL >> 24U);
        const int value = (x / 4 + y / 4) % 2 == 0 ? noise : ramp;
        image.pixels[(std::int64_t{c} * height + y) * width + x] = static_cast<float>(value) / 255.0F;
      }
    }
  }
  return image;
}

struct ResizeCase {
  std::string filter;
  std::string geometry;
  int in_width = 0;
  int in_height = 0;
  ResizeRule rule;
  std::vector<int> expected;
};

std::vector<ResizeCase> resize_cases() {
  std::ifstream file(test::data_path("resize.txt"));
  std::vector<ResizeCase> cases;
  std::string hex;
  for (ResizeCase one; file >> one.filter >> one.geometry >> one.in_width >> one.in_height >>
                       one.rule.width >> one.rule.height >> one.rule.shorter_side >> hex;) {
    one.rule.filter =
        one.filter == "antialias" ? ResizeRule::Filter::antialias : ResizeRule::Filter::opencv_linear;
    one.rule.geometry =
        one.geometry == "crop" ? ResizeRule::Geometry::shorter_side_crop : ResizeRule::Geometry::stretch;
    one.expected = test::from_hex(hex, 1);
    cases.push_back(one);
  }
  return cases;
}

TEST(Resize, MatchesPillowExactlyAndOpencvWithinOneLevel) {
  const auto cases = resize_cases();
  ASSERT_EQ(cases.size(), 70U);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.filter + " " + one.geometry + " " + std::to_string(one.in_width) + "x" +
                 std::to_string(one.in_height) + " to " + std::to_string(one.rule.width) + "x" +
                 std::to_string(one.rule.height));
    const Tensor result = resize(make_picture(one.in_width, one.in_height), one.rule);
    EXPECT_EQ(result.shape(), (Shape{3, one.rule.height, one.rule.width}));
    const double allowed = one.filter == "antialias" ? 0.001 : 1.001;
    EXPECT_LE(test::largest_difference(result, one.expected, 255), allowed);
  }
}

TEST(Resize, ResultIsOnTheGridEvenFromSixteenBits) {
  Image image = make_picture(20, 20);
  for (float& value : image.pixels.values()) value = value * 0.9F + 0.0123F;
  for (const bool keep : {false, true}) {
    const Tensor result = resize(image, {.width = 20, .height = 20, .keep_if_exact = keep});
    const Tensor rounded = round_to_8bit(result);
    for (std::int64_t i = 0; i < result.elements(); ++i) ASSERT_EQ(result[i], rounded[i]);
  }
}

TEST(Resize, KeepsAnExactPictureOnlyIfTold) {
  const Image image = make_picture(14, 14);
  ResizeRule rule{
      .geometry = ResizeRule::Geometry::shorter_side_crop, .width = 14, .height = 14, .shorter_side = 16};
  const auto changed = [&] {
    const Tensor result = resize(image, rule);
    return !std::equal(result.values().begin(), result.values().end(), image.pixels.values().begin());
  };
  EXPECT_TRUE(changed());
  rule.keep_if_exact = true;
  EXPECT_FALSE(changed());
}

TEST(Resize, AThinPictureCostsOnlyItsCrop) {
  // Whole, the picture would be 256 x 10,240,000 pixels.
  const Image image = make_picture(40000, 1);
  const ResizeRule rule{.geometry = ResizeRule::Geometry::shorter_side_crop};
  EXPECT_EQ(resize(image, rule).shape(), (Shape{3, 224, 224}));
}

TEST(Resize, ImpossibleRulesAreBroken) {
  const Image image = make_picture(4, 4);
  EXPECT_THROW(resize(image, {.width = 0}), ContractError);
  EXPECT_THROW(resize(image, {.geometry = ResizeRule::Geometry::shorter_side_crop, .shorter_side = 223}),
               ContractError);
}

}  // namespace
}  // namespace faultline
