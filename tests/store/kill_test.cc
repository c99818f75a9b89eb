#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "sample_rows.h"
#include "sample_study.h"
#include "store/store.h"
#include "temporary_folder.h"

namespace faultline::store {
namespace {

// A study that goes on where the last one was killed and reports each image that it has committed.
[[noreturn]] void study(const std::filesystem::path& folder, int report) {
  try {
    Store store = Store::exists(folder) ? Store::open(folder, Access::write)
                                        : Store::create(folder, test::sample_run());
    for (std::int64_t image = static_cast<std::int64_t>(store.read<ImageRow>().size());; ++image) {
      test::commit_image(store, image);
      if (::write(report, &image, sizeof image) != sizeof image) ::_exit(1);
    }
  } catch (const std::exception& error) {
    const ssize_t ignored = ::write(STDERR_FILENO, error.what(), std::string_view(error.what()).size());
    ::_exit(ignored < 0 ? 2 : 1);
  }
}

// Kills a study some time after its `reports`-th report; returns the last image that it reported, or -1.
std::int64_t study_and_kill(const std::filesystem::path& folder, int reports,
                            std::chrono::microseconds delay) {
  int ends[2];
  if (::pipe(ends) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    study(folder, ends[1]);
  }
  ::close(ends[1]);
  std::int64_t last = -1;
  for (int i = 0; i < reports && ::read(ends[0], &last, sizeof last) == sizeof last; ++i) {
  }
  std::this_thread::sleep_for(delay);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the study ended by itself";
  while (::read(ends[0], &last, sizeof last) == sizeof last) {
  }
  ::close(ends[0]);
  return last;
}

void expect_whole(const Store& store, std::int64_t reported) {
  const std::vector<std::int64_t> images = test::whole_images(store);
  for (std::size_t i = 0; i < images.size(); ++i) EXPECT_EQ(images[i], static_cast<std::int64_t>(i));
  // What was committed is there, and at most the image that was being reported beside it.
  EXPECT_GE(static_cast<std::int64_t>(images.size()), reported + 1);
  EXPECT_LE(static_cast<std::int64_t>(images.size()), reported + 2);
}

TEST(Kill, AtAnyMomentLeavesWholeImages) {
  const test::TemporaryFolder folder;
  std::mt19937 random(20);
  std::int64_t reported = -1;
  for (int round = 0; round < 20; ++round) {
    const int reports = static_cast<int>(random() % 4);
    const std::chrono::microseconds delay(random() % 12'000);
    const std::int64_t before = reported;
    reported = std::max(reported, study_and_kill(folder / "run", reports, delay));
    EXPECT_GE(reported, before + reports) << "nothing is done twice";
    if (!Store::exists(folder / "run")) {
      EXPECT_EQ(reported, -1) << "killed while it began";
      continue;
    }
    const Store store = Store::open(folder / "run", Access::read);
    expect_whole(store, reported);
    reported = static_cast<std::int64_t>(store.read<ImageRow>().size()) - 1;
  }
  EXPECT_GT(reported, 10);
}

TEST(Kill, WhileItBeginsLeavesNothingOrARun) {
  std::mt19937 random(21);
  for (int round = 0; round < 20; ++round) {
    const test::TemporaryFolder folder;
    const std::int64_t reported =
        study_and_kill(folder / "run", 0, std::chrono::microseconds(random() % 10'000));
    if (Store::exists(folder / "run")) {
      expect_whole(Store::open(folder / "run", Access::read), reported);
    } else {
      EXPECT_EQ(reported, -1);
      Store store = Store::create(folder / "run", test::sample_run());
      test::commit_image(store, 0);
      expect_whole(store, 0);
    }
  }
}

}  // namespace
}  // namespace faultline::store
