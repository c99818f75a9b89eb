#pragma once

#include <cstdint>

namespace faultline {

// Number of compute threads used by every parallel loop and by the engines; 0 restores the default
// (the machine's cores, or OMP_NUM_THREADS). Plans are to be created and executed under the same setting.
void set_compute_threads(int threads);
int compute_threads();

// Within a parallel loop the index of the thread that runs the body, in [0, compute_threads()): its own
// scratch memory. 0 elsewhere.
int compute_thread();

// Calls body(i) for every i in [0, count), spread over the compute threads in contiguous chunks.
//   The body must not depend on the order of calls. The first exception thrown by a body (lowest i of those
//   that threw) is rethrown here once all threads have finished.
// The one parallel loop of the project: it shares its threads with oneDNN, so it must not be nested.
template <class Body>
void parallel_for(std::int64_t count, const Body& body);

namespace detail {
using RangeBody = void (*)(const void* context, std::int64_t begin, std::int64_t end);
void parallel_ranges(std::int64_t count, const void* context, RangeBody body);
}  // namespace detail

template <class Body>
void parallel_for(std::int64_t count, const Body& body) {
  detail::parallel_ranges(count, &body, [](const void* context, std::int64_t begin, std::int64_t end) {
    const Body& call = *static_cast<const Body*>(context);
    for (std::int64_t i = begin; i < end; ++i) call(i);
  });
}

}  // namespace faultline
