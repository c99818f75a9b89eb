#include "findings/compromised.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "synthetic.h"

namespace faultline::findings {
namespace {

// Points: input, conv, pool, conv, pool, fc1, logits.
constexpr std::size_t kFirstConv = 1, kFirstPool = 2, kSecondConv = 3;

struct Planted {
  StoredRun run = test::chain({1, 1});
  ConditionEvidence of;

  explicit Planted(std::size_t n = 60, double harmless = 0.1) : of(test::evidence(n)) {
    test::set_steps(run, of, "adversarial", [](auto, auto) { return 0.0; });
    test::add_harmless(run, of, [harmless](auto, auto) { return harmless; });
  }
  Measured& step(std::size_t image, std::size_t point) {
    return of.images[image].kinds["adversarial"].step[point];
  }
};

TEST(Compromised, FromTheLeastStepOn) {
  Planted planted;
  planted.step(0, kFirstConv) = kLeastStep;
  planted.step(1, kFirstConv) = kLeastStep - 1e-9;
  const Compromise found = find_compromised(planted.run, planted.of);
  ASSERT_EQ(found.images.size(), 60U);
  EXPECT_TRUE(found.images[0].points[kFirstConv]);
  EXPECT_TRUE(found.images[0].blocks[0]);
  EXPECT_FALSE(found.images[1].points[kFirstConv]);
  EXPECT_FALSE(found.images[1].blocks[0]);
}

TEST(Compromised, AboveTheHarmlessStepsOnly) {
  Planted planted(60, 0.5);
  planted.step(0, kFirstConv) = 0.5;  // as large as a harmless one
  planted.step(1, kFirstConv) = 0.5 + 1e-9;
  const Compromise found = find_compromised(planted.run, planted.of);
  EXPECT_FALSE(found.images[0].points[kFirstConv]);
  EXPECT_TRUE(found.images[1].points[kFirstConv]);
}

// Four of 50 images have a large harmless step: it counts against every image but its own.
TEST(Compromised, AnImagesOwnHarmlessStepsDoNotCount) {
  Planted planted(50, 0.1);
  for (std::size_t i = 0; i < 4; ++i) planted.of.images[i].harmless_steps[0][kFirstConv] = 2.0;
  for (const std::size_t image : {0U, 10U}) planted.step(image, kFirstConv) = 1.0;
  // Without image 0: 3 of 49 are 2.0, the 95th percentile is at 45.6 of 0 ... 48 and so between 0.1 and 2:
  // 0.1 + 0.6 * 1.9 = 1.24. Without image 10 it is 4 of 49: 2.0.
  EXPECT_FALSE(find_compromised(planted.run, planted.of).images[10].points[kFirstConv]);
  planted.step(0, kFirstConv) = 1.23;
  EXPECT_FALSE(find_compromised(planted.run, planted.of).images[0].points[kFirstConv]);
  planted.step(0, kFirstConv) = 1.25;
  planted.step(10, kFirstConv) = 1.25;
  const Compromise found = find_compromised(planted.run, planted.of);
  EXPECT_TRUE(found.images[0].points[kFirstConv]);
  EXPECT_FALSE(found.images[10].points[kFirstConv]);
}

// A block is held against the harmless inputs' largest step in it, wherever that is.
TEST(Compromised, ABlockByItsLargestStep) {
  Planted planted;
  for (auto& image : planted.of.images) image.harmless_steps[0][kFirstPool] = 0.8;
  planted.step(0, kFirstConv) = 0.7;
  planted.step(1, kFirstConv) = 0.9;
  const Compromise found = find_compromised(planted.run, planted.of);
  EXPECT_TRUE(found.images[0].points[kFirstConv]);
  EXPECT_FALSE(found.images[0].blocks[0]);
  EXPECT_TRUE(found.images[1].blocks[0]);
  EXPECT_DOUBLE_EQ(*found.blocks[0].upper, 0.8);
  EXPECT_DOUBLE_EQ(*found.points[kFirstConv].upper, 0.1);
  EXPECT_EQ(found.blocks[0].inputs, 60U);
}

TEST(Compromised, OnsetIsTheFirstPoint) {
  Planted planted;
  planted.step(0, kSecondConv) = 1.0;
  planted.step(0, kFirstPool) = 1.0;
  const Compromise found = find_compromised(planted.run, planted.of);
  EXPECT_EQ(found.images[0].onset, kFirstPool);
  EXPECT_FALSE(found.images[1].onset);
}

TEST(Compromised, NothingIsSaidOfFewImages) {
  EXPECT_EQ(find_compromised(Planted(50).run, Planted(50).of).images.size(), 50U);
  const Compromise few = find_compromised(Planted(49).run, Planted(49).of);
  EXPECT_TRUE(few.images.empty());
  EXPECT_EQ(few.harmless_images, 49U);
  EXPECT_DOUBLE_EQ(*few.points[kFirstConv].upper, 0.1);  // what harmless inputs do is shown all the same
  Planted lacking(60);
  for (std::size_t i = 0; i < 11; ++i) lacking.of.images[i].harmless_steps.clear();
  EXPECT_TRUE(find_compromised(lacking.run, lacking.of).images.empty());
}

TEST(Compromised, WithoutStepsNowhere) {
  Planted planted;
  planted.of.images[3].kinds.clear();
  planted.step(4, kFirstConv) = Measured{};
  const Compromise found = find_compromised(planted.run, planted.of);
  EXPECT_THAT(found.images[3].points, ::testing::Each(false));
  EXPECT_THAT(found.images[4].blocks, ::testing::Each(false));
}

TEST(Compromised, OfNoImages) {
  const Compromise found = find_compromised(test::vgg16(), test::evidence(0));
  EXPECT_TRUE(found.images.empty());
  EXPECT_FALSE(found.points[1].upper);
}

}  // namespace
}  // namespace faultline::findings
