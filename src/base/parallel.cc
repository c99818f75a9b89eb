#include "base/parallel.h"

#include <omp.h>

#include <algorithm>
#include <exception>
#include <vector>

namespace faultline {

namespace {
const int kDefaultThreads = omp_get_max_threads();
}

void set_compute_threads(int threads) {
  omp_set_num_threads(threads > 0 ? threads : kDefaultThreads);
}

int compute_threads() {
  return omp_get_max_threads();
}

int compute_thread() {
  return omp_get_thread_num();
}

namespace detail {

void parallel_ranges(std::int64_t count, const void* context, RangeBody body) {
  if (count <= 0) return;
  const std::int64_t threads = std::min<std::int64_t>(compute_threads(), count);
  if (threads == 1 || omp_in_parallel() != 0) {
    body(context, 0, count);
    return;
  }
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(threads));
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(threads))
  for (std::int64_t t = 0; t < threads; ++t) {
    try {
      body(context, t * count / threads, (t + 1) * count / threads);
    } catch (...) {
      failures[static_cast<std::size_t>(t)] = std::current_exception();
    }
  }
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace detail
}  // namespace faultline
