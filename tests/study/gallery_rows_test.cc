#include "study/gallery_rows.h"

#include <algorithm>
#include <cmath>

#include "attack/catalogue.h"
#include "base/philox.h"
#include "image/decode.h"
#include "study/image_study.h"
#include "study/tiny_study.h"

namespace faultline::study {
namespace {

double value_of(const SmallMap& map, std::size_t cell) {
  return static_cast<std::int8_t>(map.values[cell]) * map.scale / 127;
}

TEST(SmallMap, KeepsASmallMapToItsHalfLevel) {
  DoubleTensor map({5, 7});
  const RandomStream random(1, "map");
  for (std::int64_t i = 0; i < 35; ++i) map[i] = random.normal(static_cast<std::uint64_t>(i));
  const SmallMap small = small_map(map);
  EXPECT_EQ(small.height, 5);
  EXPECT_EQ(small.width, 7);
  for (std::size_t i = 0; i < 35; ++i)
    EXPECT_NEAR(value_of(small, i), map[static_cast<std::int64_t>(i)], small.scale / 254 * (1 + 1e-12));
}

TEST(SmallMap, AveragesCellsAndTheEdgesFewer) {
  DoubleTensor map({2, 113});  // cells of 3 x 3: one row of 38, the last of two columns
  for (std::int64_t x = 0; x < 113; ++x) {
    map[x] = static_cast<double>(x);
    map[113 + x] = -1;
  }
  const SmallMap small = small_map(map);
  EXPECT_EQ(small.height, 1);
  EXPECT_EQ(small.width, 38);
  EXPECT_DOUBLE_EQ(small.scale, (111 + 112 - 2) / 4.0);
  EXPECT_NEAR(value_of(small, 10), (30 + 31 + 32 - 3) / 6.0, small.scale / 254);
}

TEST(SmallMap, OfZerosIsZeros) {
  const SmallMap small = small_map(DoubleTensor({3, 3}));
  EXPECT_EQ(small.scale, 0);
  EXPECT_EQ(small.values, std::vector<std::uint8_t>(9, 0));
}

TEST(PerturbationPicture, HasZeroInTheMiddle) {
  Tensor perturbation({3, 1, 2});
  perturbation[0] = 0.02F;
  perturbation[1] = -0.02F;
  perturbation[2] = 0.01F;
  const PerturbationPicture picture = picture_of(perturbation);
  EXPECT_FLOAT_EQ(static_cast<float>(picture.scale), 0.02F);
  EXPECT_FLOAT_EQ(picture.pixels[0], 1);
  EXPECT_FLOAT_EQ(picture.pixels[1], 1.0F / 255);
  EXPECT_FLOAT_EQ(picture.pixels[2], 191.5F / 255);
  EXPECT_FLOAT_EQ(picture.pixels[3], 128.0F / 255);
}

class GalleryRows : public test::TinyStudy {
 protected:
  ImageRecord study(bool pictures, std::int64_t network = 0) {
    ImageStudyOptions options;
    options.pictures = pictures;
    options.detection = false;
    options.causes = parse_causes("none");
    options.analysis.controls = {control::control_settings("gaussian")};
    options.analysis.controls.front().set("draws", 3);
    const std::vector<StudiedAttack> attacks = {
        {.attack = attack::attack_settings("fgsm", {"eps=16/255"}), .regimes = {.critical = false}},
        {.attack = attack::attack_settings("pgd"), .regimes = {.critical = false, .doubled = false}}};
    ImageStudy images(model_, *engine_, conditions_of(attacks, network, 0), options);
    ImageRecord record;
    images.study(image_, 3, {}, nullptr, {}, record);
    return record;
  }
};

TEST_F(GalleryRows, AreOfTheFirstAttacksMainCondition) {
  const ImageRecord record = study(true);
  ASSERT_EQ(record.pictures.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const store::PictureRow& row = record.pictures[i];
    EXPECT_EQ(row.image, 3);
    EXPECT_EQ(row.condition, 0) << "2 eps*";
    EXPECT_EQ(row.input, static_cast<std::int64_t>(i));
    EXPECT_EQ(row.scale.has_value(), i > 0);
    const Image picture = decode_image(std::string(row.webp.begin(), row.webp.end()), "picture");
    EXPECT_EQ(picture.pixels.shape(), image_.pixels.shape());
  }
  EXPECT_FLOAT_EQ(static_cast<float>(*record.pictures[1].scale),
                  static_cast<float>(record.attacks.front().linf));
  ASSERT_FALSE(record.maps.empty());
  EXPECT_EQ(record.maps.size(), 3 * static_cast<std::size_t>(record.maps.back().layer + 1));
  for (const store::MapRow& row : record.maps) {
    EXPECT_EQ(row.values.size(), static_cast<std::size_t>(row.height * row.width));
    EXPECT_TRUE(row.scale == 0 || std::ranges::count_if(row.values, [](std::uint8_t value) {
                                    return std::abs(int{static_cast<std::int8_t>(value)}) == 127;
                                  }) > 0);
  }
}

TEST_F(GalleryRows, AreNotOfTwinsNorIfNotWanted) {
  for (const ImageRecord& record : {study(true, 1), study(false)}) {
    EXPECT_TRUE(record.pictures.empty());
    EXPECT_TRUE(record.maps.empty());
  }
}

}  // namespace
}  // namespace faultline::study
