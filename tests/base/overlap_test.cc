#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <future>
#include <memory>
#include <stdexcept>
#include <vector>

#include "base/parallel.h"
#include "base/read_ahead.h"
#include "base/write_behind.h"

namespace faultline {
namespace {

using ::testing::ElementsAre;

TEST(SerialThread, RunsParallelLoopsItself) {
  set_compute_threads(3);
  std::vector<std::thread::id> ran_on(8);
  std::thread::id self;
  int threads = 0;
  serial_thread([&] {
    self = std::this_thread::get_id();
    threads = compute_threads();
    parallel_for(8,
                 [&](std::int64_t i) { ran_on[static_cast<std::size_t>(i)] = std::this_thread::get_id(); });
  }).join();
  EXPECT_EQ(threads, 1);
  EXPECT_THAT(ran_on, ::testing::Each(self));
  EXPECT_EQ(compute_threads(), 3);
  set_compute_threads(0);
}

TEST(SerialThread, LeavesSignalsToItsMaker) {
  int blocked = -1;
  serial_thread([&] {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    blocked = sigismember(&mask, SIGINT);
  }).join();
  EXPECT_EQ(blocked, 1);
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGINT), 0);
}

TEST(ReadAhead, GivesItemsInOrderAndErrorsInTheirPlace) {
  ReadAhead<std::unique_ptr<int>> items(4, 1, [](std::int64_t i) {
    if (i == 1) throw std::runtime_error("one");
    return std::make_unique<int>(static_cast<int>(10 * i));
  });
  EXPECT_EQ(*items.next(), 0);
  EXPECT_THROW(items.next(), std::runtime_error);
  EXPECT_EQ(*items.next(), 20);
  EXPECT_EQ(*items.next(), 30);
  EXPECT_THROW(items.next(), ContractError);
}

// One is held by the queue, one waits to get in.
TEST(ReadAhead, GoesNoFurtherAheadThanItMay) {
  std::promise<void> second;
  std::atomic<int> made = 0;
  {
    ReadAhead<int> items(100, 1, [&](std::int64_t i) {
      ++made;
      if (i == 2) second.set_value();
      return static_cast<int>(i);
    });
    EXPECT_EQ(items.next(), 0);
    second.get_future().wait();  // the queue holds 1, and 2 is in the making
  }
  EXPECT_EQ(made, 3);
}

TEST(WriteBehind, WritesInOrderWhileItsOwnerGoesOn) {
  std::vector<int> written;
  std::promise<void> go_on;
  WriteBehind<std::unique_ptr<int>> writer(1, [&](std::unique_ptr<int>& item) {
    if (*item == 0) go_on.get_future().wait();
    written.push_back(*item);
  });
  writer.add(std::make_unique<int>(0));
  writer.add(std::make_unique<int>(1));  // would wait for ever if the first were written here
  go_on.set_value();
  writer.add(std::make_unique<int>(2));
  writer.finish();
  EXPECT_THAT(written, ElementsAre(0, 1, 2));
}

TEST(WriteBehind, StopsAtAnError) {
  std::vector<int> written;
  WriteBehind<int> writer(8, [&](int item) {
    if (item == 1) throw std::runtime_error("one");
    written.push_back(item);
  });
  EXPECT_NO_THROW(writer.check());
  for (int i = 0; i < 3; ++i) {
    try {
      writer.add(i);
    } catch (const std::runtime_error&) {
      EXPECT_EQ(i, 2);  // whether it is known by then depends on the threads
    }
  }
  EXPECT_THROW(writer.finish(), std::runtime_error);
  EXPECT_THROW(writer.check(), std::runtime_error);
  EXPECT_THAT(written, ElementsAre(0));
}

TEST(WriteBehind, WritesWhatItWasGivenWhenItsOwnerIsUnwound) {
  std::vector<int> written;
  try {
    WriteBehind<int> writer(4, [&](int item) { written.push_back(item); });
    writer.add(1);
    writer.add(2);
    throw std::runtime_error("elsewhere");
  } catch (const std::runtime_error&) {
  }
  EXPECT_THAT(written, ElementsAre(1, 2));
}

}  // namespace
}  // namespace faultline
