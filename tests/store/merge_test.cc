#include "store/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

#include "expect_error.h"
#include "sample_rows.h"
#include "sample_study.h"
#include "store/store.h"
#include "store/tables.h"
#include "temporary_folder.h"

namespace faultline::store {
namespace {

namespace fs = std::filesystem;

RunRow run_of_shard(const std::string& shard) {
  RunRow run = test::sample_run();
  run.configuration = R"({"seed": 1, "attack": {"eps": "2/255"}, "shard": ")" + shard + "\"}";
  return run;
}

// A run that holds these images, of which those below 2 also with a twin.
void make_run(const fs::path& folder, const RunRow& run, const std::vector<std::int64_t>& images,
              bool finished = true, const std::string& layer = "conv1") {
  Store store = Store::create(folder, run);
  store.begin();
  store.insert(NetworkRow{.network = 0, .name = "model"});
  store.insert(NetworkRow{.network = 1, .name = "twin-1", .seed = 5});
  store.insert(LayerRow{.layer = 0, .name = layer, .block = 0});
  store.insert(ConditionRow{.condition = 0, .name = "pgd", .attack = "pgd", .eps = 0.25});
  store.commit();
  for (const std::int64_t image : images) {
    store.begin();
    test::insert_image(store, image);
    if (image < 2) store.insert(TwinImageRow{.network = 1, .image = image, .probability = 0.5});
    store.commit();
  }
  if (finished) store.set_finished();
}

class Merge : public testing::Test {
 protected:
  MergeResult merge_into(const std::string& name, const std::vector<std::string>& shards) const {
    std::vector<fs::path> folders;
    for (const std::string& shard : shards) folders.push_back(folder_ / shard);
    return merge(folders, folder_ / name, options_, {});
  }
  void expect_refused(ErrorKind kind, const std::string& part) const {
    test::expect_error([&] { merge_into("joined", {"a", "b"}); }, kind, part);
    EXPECT_FALSE(fs::exists(folder_ / "joined"));
  }

  test::TemporaryFolder folder_;
  MergeOptions options_{.ignored_keys = {"shard"}};
};

TEST_F(Merge, EqualsOneRunOverAll) {
  make_run(folder_ / "whole", run_of_shard("1/1"), {0, 1, 2, 3, 4, 5, 6});
  make_run(folder_ / "a", run_of_shard("1/3"), {6, 0, 3});
  make_run(folder_ / "b", run_of_shard("2/3"), {1, 4});
  make_run(folder_ / "c", run_of_shard("3/3"), {2, 5});
  options_.configuration = run_of_shard("1/1").configuration;
  options_.planned_images = 7;
  const MergeResult result = merge_into("joined/", {"c", "a", "b"});
  EXPECT_EQ(result.images, 7);
  EXPECT_TRUE(result.finished);
  const Store whole = Store::open(folder_ / "whole", Access::read);
  const Store joined = Store::open(folder_ / "joined", Access::read);
  AllRows::for_each([&]<class Row>() {
    const std::vector<Row> expected = whole.read<Row>();
    const std::vector<Row> rows = joined.read<Row>();
    ASSERT_EQ(rows.size(), expected.size()) << kTable<Row>.name();
    for (std::size_t i = 0; i < rows.size(); ++i) test::expect_same_row(expected[i], rows[i]);
  });
  EXPECT_EQ(joined.read<TwinImageRow>().size(), 2U);
}

TEST_F(Merge, CopiesEveryTable) {
  make_run(folder_ / "a", run_of_shard("1/2"), {});
  make_run(folder_ / "b", run_of_shard("2/2"), {0});
  {
    Store store = Store::open(folder_ / "a", Access::write);
    AllRows::for_each([&]<class Row>() {
      if constexpr (requires { &Row::image; }) {
        Row row = test::sample_row<Row>(1);
        row.image = 7;
        store.insert(row);
      }
    });
  }
  merge_into("joined", {"a", "b"});
  const Store joined = Store::open(folder_ / "joined", Access::read);
  const std::vector<std::int64_t> seven = {7};
  AllRows::for_each([&]<class Row>() {
    if constexpr (requires { &Row::image; }) {
      const std::vector<Row> rows = joined.read<Row>("image = ?", seven);
      ASSERT_EQ(rows.size(), 1U) << kTable<Row>.name();
      Row expected = test::sample_row<Row>(1);
      expected.image = 7;
      test::expect_same_row(expected, rows[0]);
    }
  });
}

TEST_F(Merge, IsFinishedIfAllOfItIs) {
  make_run(folder_ / "a", run_of_shard("1/3"), {0, 2});
  make_run(folder_ / "b", run_of_shard("2/3"), {1});
  make_run(folder_ / "late", run_of_shard("3/3"), {3}, false);
  make_run(folder_ / "far", run_of_shard("3/3"), {4});
  EXPECT_TRUE(merge_into("whole", {"a", "b"}).finished);
  EXPECT_TRUE(Store::open(folder_ / "whole", Access::read).run().finished);
  EXPECT_FALSE(merge_into("with-an-unfinished-one", {"a", "b", "late"}).finished);
  EXPECT_FALSE(Store::open(folder_ / "with-an-unfinished-one", Access::read).run().finished);
  EXPECT_FALSE(merge_into("with-a-gap", {"a", "b", "far"}).finished);
  EXPECT_FALSE(merge_into("one-alone", {"a"}).finished);
  EXPECT_EQ(Store::open(folder_ / "one-alone", Access::read).run().planned_images, 3);
  options_.planned_images = 4;
  EXPECT_FALSE(merge_into("without-the-last", {"a", "b"}).finished);
  EXPECT_EQ(Store::open(folder_ / "without-the-last", Access::read).run().planned_images, 4);
}

TEST_F(Merge, LeavesOutTheIgnoredMembers) {
  make_run(folder_ / "a", run_of_shard("1/2"), {0});
  make_run(folder_ / "b", run_of_shard("2/2"), {1});
  merge_into("joined", {"a", "b"});
  EXPECT_EQ(Store::open(folder_ / "joined", Access::read).run().configuration,
            "{\n \"seed\": 1,\n \"attack\": {\n  \"eps\": \"2/255\"\n }\n}");
}

TEST_F(Merge, RefusesAnotherStudy) {
  make_run(folder_ / "a", run_of_shard("1/2"), {0});
  RunRow other = run_of_shard("2/2");
  const auto expect_other = [&](const std::string& part) {
    make_run(folder_ / "b", other, {1});
    expect_refused(ErrorKind::usage, part);
    expect_refused(ErrorKind::usage,
                   (folder_ / "b").string() + " is not of the same study as " + (folder_ / "a").string());
    fs::remove_all(folder_ / "b");
    other = run_of_shard("2/2");
  };
  other.model_sha256 = "77";
  expect_other("hash of the model: 00ff there, 77 here");
  other.program_version = "9.9";
  expect_other("version of faultline: 0.1.0 there, 9.9 here");
  other.configuration = R"({"seed": 1, "attack": {"eps": "8/255"}, "shard": "2/2"})";
  expect_other("attack.eps: 2/255 there, 8/255 here");
  options_.ignored_keys = {};
  expect_other("shard: 1/2 there, 2/2 here");
}

TEST_F(Merge, RefusesAnotherNetwork) {
  make_run(folder_ / "a", run_of_shard("1/2"), {0});
  make_run(folder_ / "b", run_of_shard("2/2"), {1}, true, "conv2");
  expect_refused(ErrorKind::usage, "table layer, row 0, name: conv1 there, conv2 here");
  fs::remove_all(folder_ / "b");
  make_run(folder_ / "b", run_of_shard("2/2"), {1});
  Store::open(folder_ / "b", Access::write).insert(PointRow{.point = 0});
  expect_refused(ErrorKind::usage, "rows of table point: 0 there, 1 here");
}

TEST_F(Merge, RefusesAnImageTwice) {
  make_run(folder_ / "a", run_of_shard("1/2"), {0, 3});
  make_run(folder_ / "b", run_of_shard("2/2"), {1, 3});
  expect_refused(ErrorKind::usage,
                 "image 3 is in both " + (folder_ / "a").string() + " and " + (folder_ / "b").string());
}

TEST_F(Merge, RefusesAFolderThatHoldsSomething) {
  make_run(folder_ / "a", run_of_shard("1/1"), {0});
  fs::create_directory(folder_ / "taken");
  std::ofstream(folder_ / "taken/file") << "x";
  test::expect_error([&] { merge_into("taken", {"a"}); }, ErrorKind::io, "exists already");
  test::expect_error([&] { merge_into("a", {"a"}); }, ErrorKind::io, "exists already");
  test::expect_error([&] { merge_into("joined", {"a", "missing"}); }, ErrorKind::io, "missing");
  fs::create_directory(folder_ / "empty");
  EXPECT_EQ(merge_into("empty", {"a"}).images, 1);
}

TEST_F(Merge, LeavesNothingWhenItIsStopped) {
  make_run(folder_ / "a", run_of_shard("1/1"), {0, 1, 2});
  std::atomic<bool> stop = false;
  const RunControl control(
      [&](const Progress& progress) {
        EXPECT_EQ(progress.total, 3);
        stop = progress.done == 2;
      },
      &stop);
  const std::vector<fs::path> runs = {folder_ / "a"};
  test::expect_error([&] { merge(runs, folder_ / "joined", options_, control); }, ErrorKind::interrupted,
                     "stopped");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(Merge, ReadsARunThatIsBeingWritten) {
  make_run(folder_ / "a", run_of_shard("1/1"), {0}, false);
  Store store = Store::open(folder_ / "a", Access::write);
  test::commit_image(store, 1);
  const MergeResult result = merge_into("joined", {"a"});
  EXPECT_EQ(result.images, 2);
  EXPECT_FALSE(result.finished);
}

}  // namespace
}  // namespace faultline::store
