#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "in_child.h"
#include "sample_rows.h"
#include "sample_study.h"
#include "store/store.h"
#include "temporary_folder.h"
#include "writer_process.h"

namespace faultline::store {
namespace {

using std::filesystem::perms;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr perms kReadable = perms::owner_read | perms::group_read | perms::others_read;
constexpr perms kEnterable = perms::owner_exec | perms::group_exec | perms::others_exec;

// A folder that nobody may write to while it lives.
class ReadOnly {
 public:
  explicit ReadOnly(std::filesystem::path folder) : folder_(std::move(folder)) {
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
      std::filesystem::permissions(file.path(), kReadable);
    }
    std::filesystem::permissions(folder_, kReadable | kEnterable);
  }
  ReadOnly(const ReadOnly&) = delete;
  ReadOnly& operator=(const ReadOnly&) = delete;
  ~ReadOnly() { std::filesystem::permissions(folder_, perms::owner_all); }

 private:
  std::filesystem::path folder_;
};

std::string unprivileged(const std::function<std::string()>& work) {
  return test::in_child(work, true);
}

std::string count_images(const std::filesystem::path& folder) {
  if (!Store::exists(folder)) return "none";
  return std::to_string(test::whole_images(Store::open(folder, Access::read)).size());
}

TEST(ReadOnly, FolderHoldsNoNewRun) {
  const test::TemporaryFolder folder;
  const ReadOnly guard(folder.path());
  EXPECT_THAT(unprivileged([&]() -> std::string {
                Store::create(folder / "run", test::sample_run());
                return "made";
              }),
              AllOf(StartsWith("6: "), HasSubstr("run"), HasSubstr("Permission denied")));
  EXPECT_THAT(unprivileged([&]() -> std::string {
                Store::create(folder.path(), test::sample_run());
                return "made";
              }),
              AllOf(StartsWith("6: "), HasSubstr("Permission denied")));
}

TEST(ReadOnly, RunIsReadAndNotWritten) {
  const test::TemporaryFolder folder;
  {
    Store store = Store::create(folder.path(), test::sample_run());
    test::commit_image(store, 0);
  }
  const ReadOnly guard(folder.path());
  EXPECT_EQ(unprivileged([&] { return count_images(folder.path()); }), "1");
  EXPECT_THAT(unprivileged([&]() -> std::string {
                Store::open(folder.path(), Access::write);
                return "opened";
              }),
              AllOf(StartsWith("6: "), HasSubstr("run.lock"), HasSubstr("Permission denied")));
}

TEST(ReadOnly, FileInAFolderThatCanBeWritten) {
  const test::TemporaryFolder folder;
  { Store::create(folder.path(), test::sample_run()); }
  std::filesystem::permissions(folder / "run.sqlite", kReadable);
  std::filesystem::permissions(folder.path(), perms::all);
  EXPECT_EQ(unprivileged([&] { return count_images(folder.path()); }), "0");
  EXPECT_THAT(unprivileged([&]() -> std::string {
                Store store = Store::open(folder.path(), Access::write);
                test::commit_image(store, 0);
                return "written";
              }),
              AllOf(StartsWith("6: "), HasSubstr("run.sqlite"), HasSubstr("read-only")));
}

TEST(ReadOnly, RunThatIsBeingWrittenIsRead) {
  const test::TemporaryFolder folder;
  test::WriterProcess writer(folder.path());
  const ReadOnly guard(folder.path());
  EXPECT_EQ(unprivileged([&] { return count_images(folder.path()); }), "1");
  writer.commit_next();
  EXPECT_EQ(unprivileged([&] { return count_images(folder.path()); }), "2");
}

TEST(ReadOnly, RunWhoseWriterWasKilled) {
  const test::TemporaryFolder folder;
  test::in_killed_child([&] {
    Store store = Store::create(folder.path(), test::sample_run());
    test::commit_image(store, 0);
    test::killed();
  });
  ASSERT_GT(std::filesystem::file_size(folder / "run.sqlite-wal"), 0U);
  {
    const ReadOnly guard(folder.path());
    EXPECT_EQ(unprivileged([&] { return count_images(folder.path()); }), "1");
  }
  std::filesystem::remove(folder / "run.sqlite-shm");
  {
    const ReadOnly guard(folder.path());
    EXPECT_THAT(unprivileged([&] { return count_images(folder.path()); }),
                AllOf(StartsWith("6: "), HasSubstr("its writer was killed"), HasSubstr("copy")));
  }
  // Elsewhere it is all there.
  const test::TemporaryFolder copy;
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    std::filesystem::copy_file(file.path(), copy / file.path().filename().string());
    std::filesystem::permissions(copy / file.path().filename().string(),
                                 perms::owner_read | perms::owner_write);
  }
  EXPECT_EQ(count_images(copy.path()), "1");
}

}  // namespace
}  // namespace faultline::store
