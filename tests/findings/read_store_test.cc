#include "findings/read_store.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "synthetic.h"
#include "temporary_folder.h"

namespace faultline::findings {
namespace {

TEST(ReadStore, GathersAConditionSomeImagesAtATime) {
  const faultline::test::TemporaryFolder folder;
  StoredRun run = test::chain({1, 1});
  test::list_images(run, 250);
  store::Store store =
      store::Store::create(folder.path() / "run", {.program_version = "test", .configuration = "{}"});
  store.begin();
  store.insert<store::BlockRow>(run.blocks);
  store.insert<store::LayerRow>(run.layers);
  store.insert<store::PointRow>(run.points);
  store.insert<store::SegmentRow>(run.segments);
  store.insert<store::NetworkRow>(run.networks);
  for (const std::int64_t number : {0, 1}) store.insert(test::condition(number, "pgd", "fixed"));
  store.insert<store::ImageRow>(run.images);
  for (const store::ImageRow& image : run.images) {
    for (const std::int64_t number : {0, 1}) {
      store.insert(store::AttackRow{.image = image.image, .condition = number, .made = true});
      store.insert(store::InputRow{.image = image.image,
                                   .condition = number,
                                   .input = 1,
                                   .kind = "adversarial",
                                   .role = "adversarial"});
      store.insert(store::PointResponseRow{.image = image.image,
                                           .condition = number,
                                           .input = 1,
                                           .point = 2,
                                           .step = static_cast<double>(1000 * number + image.image)});
    }
  }
  store.commit();
  const StoredRun read = read_run(store);
  EXPECT_EQ(read.points.size(), run.points.size());
  EXPECT_EQ(read.run.program_version, "test");
  const ConditionEvidence evidence = read_condition(store, read, 1);
  EXPECT_EQ(evidence.condition.condition, 1);
  ASSERT_EQ(evidence.images.size(), 250U);
  for (std::size_t i = 0; i < 250; ++i) {
    EXPECT_EQ(evidence.images[i].id, test::image_id(i));
    EXPECT_DOUBLE_EQ(*evidence.images[i].kinds.at("adversarial").step[2], 1000.0 + static_cast<double>(i));
  }
  EXPECT_THROW(read_condition(store, read, 2), ContractError);
}

}  // namespace
}  // namespace faultline::findings
