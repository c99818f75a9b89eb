#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>
#include <filesystem>

#include "sample_rows.h"
#include "sample_study.h"
#include "store/store.h"

namespace faultline::test {

// Another process that begins a run, commits image 0, and then an image at a time while the run stays open.
// (A process that has a database open must not fork and open it again: hence not the test's own.)
class WriterProcess {
 public:
  explicit WriterProcess(const std::filesystem::path& folder) {
    int orders[2];
    int answers[2];
    if (::pipe(orders) != 0 || ::pipe(answers) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) {
      ::close(orders[1]);
      ::close(answers[0]);
      ::_exit(write_images(folder, orders[0], answers[1]));
    }
    ::close(orders[0]);
    ::close(answers[1]);
    orders_ = orders[1];
    answers_ = answers[0];
    wait_for_commit();
  }
  WriterProcess(const WriterProcess&) = delete;
  WriterProcess& operator=(const WriterProcess&) = delete;
  ~WriterProcess() {
    ::close(orders_);
    ::close(answers_);
    int status = 0;
    ::waitpid(child_, &status, 0);
    EXPECT_EQ(status, 0) << "the writer failed";
  }

  pid_t id() const { return child_; }
  void commit_next() {
    EXPECT_EQ(::write(orders_, "n", 1), 1);
    wait_for_commit();
  }

 private:
  static int write_images(const std::filesystem::path& folder, int orders, int answers) {
    try {
      store::Store store = store::Store::create(folder, sample_run());
      char order = 0;
      std::int64_t image = 0;
      do {
        commit_image(store, image++);
        if (::write(answers, "d", 1) != 1) return 1;
      } while (::read(orders, &order, 1) == 1);
      return 0;
    } catch (const std::exception&) {
      return 1;
    }
  }
  void wait_for_commit() const {
    char answer = 0;
    EXPECT_EQ(::read(answers_, &answer, 1), 1) << "the writer failed";
  }

  pid_t child_ = -1;
  int orders_ = -1;
  int answers_ = -1;
};

}  // namespace faultline::test
