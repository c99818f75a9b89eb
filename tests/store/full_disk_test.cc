#include <gtest/gtest.h>

#include "expect_error.h"
#include "file_size_limit.h"
#include "sample_rows.h"
#include "sample_study.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "temporary_folder.h"

namespace faultline::store {
namespace {

TEST(FullDisk, IsAnErrorThatLeavesTheEarlierImages) {
  const test::TemporaryFolder folder;
  std::int64_t written = 0;
  {
    Store store = Store::create(folder / "run", test::sample_run());
    const test::FileSizeLimit limit(400'000);
    const auto fill = [&] {
      for (;; ++written) test::commit_image(store, written);
    };
    test::expect_error(fill, ErrorKind::io, "run.sqlite");
    // Undone, and whoever tries again is told again.
    EXPECT_EQ(test::whole_images(store).size(), static_cast<std::size_t>(written));
    test::expect_error(fill, ErrorKind::io, "File too large");
  }
  EXPECT_GT(written, 0);
  Store store = Store::open(folder / "run", Access::write);
  EXPECT_EQ(test::whole_images(store).size(), static_cast<std::size_t>(written));
  test::commit_image(store, written);
  EXPECT_EQ(test::whole_images(store).size(), static_cast<std::size_t>(written) + 1);
}

TEST(FullDisk, IsAnErrorWhereARunBegins) {
  const test::TemporaryFolder folder;
  {
    const test::FileSizeLimit limit(20'000);
    test::expect_error([&] { Store::create(folder / "run", test::sample_run()); }, ErrorKind::io,
                       "run.sqlite");
  }
  EXPECT_FALSE(Store::exists(folder / "run"));
  Store store = Store::create(folder / "run", test::sample_run());
  test::commit_image(store, 0);
}

TEST(FullDisk, IsCalledThat) {
  const test::TemporaryFolder folder;
  Database database(folder / "d.sqlite", Database::Mode::create);
  database.execute("PRAGMA max_page_count = 2; CREATE TABLE shoe (size INTEGER)");
  test::expect_error([&] { database.execute("INSERT INTO shoe VALUES (zeroblob(100000))"); }, ErrorKind::io,
                     "d.sqlite: disk full");
}

}  // namespace
}  // namespace faultline::store
