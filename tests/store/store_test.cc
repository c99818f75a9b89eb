#include "store/store.h"

#include <gtest/gtest.h>

#include <limits>
#include <type_traits>

#include "base/files.h"
#include "expect_error.h"
#include "sample_rows.h"
#include "sample_study.h"
#include "store/sqlite.h"
#include "store/tables.h"
#include "temporary_folder.h"
#include "writer_process.h"

namespace faultline::store {
namespace {

using test::sample_run;

// visit.operator()<Row>() for the tables that rows are inserted into.
template <class Visit>
void for_each_table(const Visit& visit) {
  AllRows::for_each([&]<class Row>() {
    if constexpr (!std::is_same_v<Row, RunRow>) visit.template operator()<Row>();
  });
}

// The database of a run, past the Store.
Database database_of(const std::filesystem::path& folder) {
  return Database(folder / "run.sqlite", Database::Mode::write);
}

TEST(Store, EveryTableReadsWhatWasWritten) {
  const test::TemporaryFolder folder;
  Store written = Store::create(folder / "run", sample_run());
  written.begin();
  for_each_table([&]<class Row>() {
    for (std::int64_t seed = 0; seed < test::kSamples; ++seed) written.insert(test::sample_row<Row>(seed));
  });
  written.commit();
  const Store opened = Store::open(folder / "run", Access::read);
  for_each_table([&]<class Row>() {
    const std::vector<Row> rows = opened.read<Row>();
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(test::kSamples)) << kTable<Row>.name();
    for (std::int64_t seed = 0; seed < test::kSamples; ++seed) {
      const Row expected = test::sample_row<Row>(seed);
      const auto same_key = [&](const Row& row) {
        bool same = true;
        kTable<Row>.for_each_column([&](const auto& column, std::size_t index) {
          if (index < kTable<Row>.key_columns()) same = same && row.*column.member == expected.*column.member;
        });
        return same;
      };
      const auto found = std::find_if(rows.begin(), rows.end(), same_key);
      ASSERT_NE(found, rows.end()) << kTable<Row>.name();
      test::expect_same_row(expected, *found);
    }
  });
}

TEST(Store, KeepsTheRun) {
  const test::TemporaryFolder folder;
  {
    Store store = Store::create(folder / "run", sample_run());
    EXPECT_EQ(store.run().schema_version, kSchemaVersion);
    EXPECT_FALSE(Store::open(folder / "run", Access::read).run().finished);
    store.set_finished();
    EXPECT_TRUE(store.run().finished);
  }
  const Store store = Store::open(folder / "run", Access::read);
  RunRow expected = sample_run();
  expected.schema_version = kSchemaVersion;
  expected.finished = true;
  test::expect_same_row(expected, store.run());
  // Nothing but the database stays.
  EXPECT_FALSE(std::filesystem::exists(folder / "run/run.lock"));
}

TEST(Store, ReadsInTheOrderOfTheKeyAndWhatWasAskedFor) {
  const test::TemporaryFolder folder;
  Store store = Store::create(folder / "run", sample_run());
  for (const std::int64_t image : {3, 1, 2}) {
    for (const std::int64_t player : {1, 0}) {
      store.insert(ShapleyRow{.image = image, .condition = 0, .input = 1, .player = player});
    }
  }
  std::vector<std::int64_t> seen;
  for (const ShapleyRow& row : store.read<ShapleyRow>()) seen.push_back(10 * row.image + row.player);
  EXPECT_EQ(seen, (std::vector<std::int64_t>{10, 11, 20, 21, 30, 31}));
  const std::vector<std::int64_t> values = {2, 1};
  const auto some = store.read<ShapleyRow>("image >= ? AND player = ?", values);
  ASSERT_EQ(some.size(), 2U);
  EXPECT_EQ(some[0].image, 2);
  EXPECT_EQ(some[1].image, 3);
  // One reading within another of the same kind.
  std::size_t pairs = 0;
  store.for_each<ShapleyRow>(
      [&](const ShapleyRow&) { store.for_each<ShapleyRow>([&](const ShapleyRow&) { ++pairs; }); });
  EXPECT_EQ(pairs, 36U);
}

TEST(Store, ReadsKeysWithoutTheRest) {
  const test::TemporaryFolder folder;
  Store store = Store::create(folder / "run", sample_run());
  for (const std::int64_t image : {7, 3}) {
    for (const std::int64_t input : {1, 0})
      store.insert(PictureRow{.image = image, .condition = 2, .input = input, .webp = {1, 2}});
  }
  using Keys = std::vector<std::vector<std::int64_t>>;
  EXPECT_EQ(store.read_keys<PictureRow>(), (Keys{{3, 2, 0}, {3, 2, 1}, {7, 2, 0}, {7, 2, 1}}));
  EXPECT_EQ(store.read_keys<PictureRow>("image = ?", std::array<std::int64_t, 1>{7}),
            (Keys{{7, 2, 0}, {7, 2, 1}}));
  EXPECT_EQ(store.read_keys<PictureRow>("image = 8"), Keys{});
  EXPECT_THROW((void)store.read_keys<MapRow>(), ContractError);
}

TEST(Store, ATransactionIsThereAsAWholeOrNotAtAll) {
  const test::TemporaryFolder folder;
  Store store = Store::create(folder / "run", sample_run());
  const Store reader = Store::open(folder / "run", Access::read);
  store.begin();
  store.insert(ImageRow{.image = 1});
  EXPECT_TRUE(reader.read<ImageRow>().empty());
  store.roll_back();
  EXPECT_TRUE(store.read<ImageRow>().empty());
  store.begin();
  store.insert(ImageRow{.image = 2});
  store.insert(TimingRow{.image = 2});
  store.commit();
  EXPECT_EQ(reader.read<ImageRow>().size(), 1U);
  EXPECT_EQ(reader.read<TimingRow>().size(), 1U);
}

TEST(Store, AReadersTransactionIsOfOneMoment) {
  const test::TemporaryFolder folder;
  Store store = Store::create(folder / "run", sample_run());
  Store reader = Store::open(folder / "run", Access::read);
  reader.begin();
  EXPECT_TRUE(reader.read<ImageRow>().empty());
  store.insert(ImageRow{.image = 2});
  EXPECT_TRUE(reader.read<ImageRow>().empty());
  reader.commit();
  EXPECT_EQ(reader.read<ImageRow>().size(), 1U);
}

TEST(Store, ASecondRowOfTheSameKeyUndoesTheTransaction) {
  const test::TemporaryFolder folder;
  Store store = Store::create(folder / "run", sample_run());
  store.insert(ImageRow{.image = 1, .file = "a"});
  store.begin();
  store.insert(ImageRow{.image = 2});
  try {
    store.insert(ImageRow{.image = 1, .file = "b"});
    ADD_FAILURE() << "no error";
  } catch (const ContractError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("image.image"));
  }
  EXPECT_THROW(store.commit(), ContractError);
  const auto images = store.read<ImageRow>();
  ASSERT_EQ(images.size(), 1U);
  EXPECT_EQ(images[0].file, "a");
}

TEST(Store, RefusesNumbersThatAreNotFinite) {
  const test::TemporaryFolder folder;
  Store store = Store::create(folder / "run", sample_run());
  const auto expect_refused = [&](const auto& row, const std::string& column) {
    try {
      store.insert(row);
      ADD_FAILURE() << column << " was stored";
    } catch (const ContractError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(column + " is not finite"));
    }
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  expect_refused(ShapleyRow{.value = nan}, "shapley.value");
  expect_refused(ShapleyRow{.share = -infinite}, "shapley.share");
  expect_refused(GatesRunRow{.values = {1, infinite}}, "gates_run.values");
  EXPECT_TRUE(store.read<ShapleyRow>().empty());
  // The statement is as good as new.
  store.insert(ShapleyRow{.value = 1});
  EXPECT_EQ(store.read<ShapleyRow>().size(), 1U);
}

TEST(Store, WrongOrderOfCallsIsAContractError) {
  const test::TemporaryFolder folder;
  Store store = Store::create(folder / "run", sample_run());
  EXPECT_THROW(store.commit(), ContractError);
  store.begin();
  EXPECT_THROW(store.begin(), ContractError);
  store.roll_back();
  store.roll_back();
  Store reader = Store::open(folder / "run", Access::read);
  EXPECT_THROW(reader.insert(ImageRow{}), ContractError);
  EXPECT_THROW(reader.set_finished(), ContractError);
}

TEST(Store, ExistsOnceItHasBegun) {
  const test::TemporaryFolder folder;
  EXPECT_FALSE(Store::exists(folder / "run"));
  test::expect_error([&] { Store::open(folder / "run", Access::read); }, ErrorKind::io, "run.sqlite");
  { Store::create(folder / "run", sample_run()); }
  EXPECT_TRUE(Store::exists(folder / "run"));
  test::expect_error([&] { Store::create(folder / "run", sample_run()); }, ErrorKind::io, "exists already");
}

TEST(Store, WhatAKilledBeginningLeftIsNoHindrance) {
  const test::TemporaryFolder folder;
  write_file(folder / "run.sqlite", "");
  write_file(folder / "run.lock", "1");
  EXPECT_FALSE(Store::exists(folder.path()));
  test::expect_error([&] { Store::open(folder.path(), Access::write); }, ErrorKind::io, "has no run");
  database_of(folder.path()).execute("PRAGMA journal_mode = WAL");
  EXPECT_FALSE(Store::exists(folder.path()));
  { Store::create(folder.path(), sample_run()); }
  EXPECT_TRUE(Store::exists(folder.path()));
}

TEST(Store, RefusesAFileThatIsNone) {
  const test::TemporaryFolder folder;
  write_file(folder / "run.sqlite", std::string(10'000, 'x'));
  const auto expect_refused = [&](const std::string& reason) {
    const std::string part = "run.sqlite is not a study's store: " + reason;
    test::expect_error([&] { Store::open(folder.path(), Access::read); }, ErrorKind::io, part);
    test::expect_error([&] { Store::open(folder.path(), Access::write); }, ErrorKind::io, part);
    test::expect_error([&] { Store::exists(folder.path()); }, ErrorKind::io, part);
    test::expect_error([&] { Store::create(folder.path(), sample_run()); }, ErrorKind::io, part);
  };
  expect_refused("it is no SQLite database");
  std::filesystem::remove(folder / "run.sqlite");
  Database(folder / "run.sqlite", Database::Mode::create).execute("CREATE TABLE run (shoe TEXT)");
  expect_refused("it has no run");
}

TEST(Store, RefusesAnotherVersion) {
  const test::TemporaryFolder folder;
  { Store::create(folder / "run", sample_run()); }
  database_of(folder / "run").execute("UPDATE run SET schema_version = 999");
  for (const Access access : {Access::read, Access::write}) {
    test::expect_error([&] { Store::open(folder / "run", access); }, ErrorKind::usage, "version 999");
    test::expect_error([&] { Store::open(folder / "run", access); }, ErrorKind::usage,
                       "version " + std::to_string(kSchemaVersion));
  }
}

TEST(Store, FileNamesMayHoldAnything) {
  const test::TemporaryFolder folder;
  const auto odd = folder / "a?b#c%41 é\n";
  { Store::create(odd, sample_run()); }
  EXPECT_TRUE(std::filesystem::exists(odd / "run.sqlite"));
  EXPECT_TRUE(Store::exists(odd));
}

TEST(Store, ARollbackJournalIsReadAndWrittenToo) {
  const test::TemporaryFolder folder;
  { Store::create(folder / "run", sample_run()); }
  database_of(folder / "run").execute("PRAGMA journal_mode = DELETE");
  EXPECT_TRUE(Store::open(folder / "run", Access::read).read<ImageRow>().empty());
  Store store = Store::open(folder / "run", Access::write);
  store.insert(ImageRow{.image = 1});
  EXPECT_EQ(Store::open(folder / "run", Access::read).read<ImageRow>().size(), 1U);
}

TEST(Store, OneWritesWhileOthersRead) {
  const test::TemporaryFolder folder;
  Store store = Store::create(folder / "run", sample_run());
  store.begin();
  store.insert(ImageRow{.image = 1});
  test::expect_error([&] { Store::open(folder / "run", Access::write); }, ErrorKind::io, "another process");
  test::expect_error([&] { Store::create(folder / "run", sample_run()); }, ErrorKind::io, "another process");
  EXPECT_TRUE(Store::open(folder / "run", Access::read).read<ImageRow>().empty());
  EXPECT_TRUE(Store::exists(folder / "run"));
  store.commit();
  EXPECT_EQ(Store::open(folder / "run", Access::read).read<ImageRow>().size(), 1U);
  { const Store closed = std::move(store); }
  EXPECT_EQ(Store::open(folder / "run", Access::write).read<ImageRow>().size(), 1U);
}

TEST(Store, AnotherProcessWrites) {
  const test::TemporaryFolder folder;
  {
    test::WriterProcess writer(folder / "run");
    const std::string reason = "another process (" + std::to_string(writer.id()) + ") writes to it";
    test::expect_error([&] { Store::open(folder / "run", Access::write); }, ErrorKind::io, reason);
    const Store store = Store::open(folder / "run", Access::read);
    EXPECT_EQ(test::whole_images(store).size(), 1U);
    writer.commit_next();
    EXPECT_EQ(test::whole_images(store).size(), 2U);
  }
  Store store = Store::open(folder / "run", Access::write);
  test::commit_image(store, 2);
  EXPECT_EQ(test::whole_images(store).size(), 3U);
}

}  // namespace
}  // namespace faultline::store
