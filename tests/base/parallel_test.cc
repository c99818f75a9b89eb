#include "base/parallel.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace faultline {
namespace {

TEST(Parallel, CallsEachIndexOnceForEveryThreadCount) {
  for (const int threads : {1, 2, 3, 4}) {
    set_compute_threads(threads);
    std::vector<int> calls(1001, 0);
    parallel_for(1001, [&](std::int64_t i) { ++calls[static_cast<std::size_t>(i)]; });
    EXPECT_EQ(calls, std::vector<int>(1001, 1)) << threads;
  }
  set_compute_threads(0);
  parallel_for(0, [](std::int64_t) { FAIL(); });
}

TEST(Parallel, RethrowsTheFirstFailureByIndex) {
  set_compute_threads(4);
  try {
    parallel_for(100, [](std::int64_t i) {
      if (i >= 10) throw std::runtime_error(std::to_string(i));
    });
    FAIL() << "nothing thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "10");
  }
  set_compute_threads(0);
}

}  // namespace
}  // namespace faultline
