#pragma once

#include <chrono>
#include <cstddef>

namespace faultline::serve {

// What a client may take of the server. All together they bound its memory: workers + waiting connections of
// a few KB, and no more bodies than workers.
struct Limits {
  std::size_t body_bytes = std::size_t{16} << 20U;  // of an upload; more is answered with 413
  std::size_t head_bytes = std::size_t{16} << 10U;  // request line and headers; more: 431
  std::chrono::milliseconds head_time{10'000};     // from the connection to the end of the headers; more: 408
  std::chrono::milliseconds request_time{30'000};  // to the end of the body; more: 408
  std::chrono::milliseconds client_patience{
      30'000};  // that an answer may wait for a client to take some more of it
  // After an answer, what a client still sends is read and dropped for so long, or it would lose the answer.
  std::chrono::milliseconds drain_time{5'000};
  std::chrono::milliseconds drain_pause{250};
  std::size_t drain_bytes = std::size_t{64} << 20U;
  std::size_t workers = 32;   // requests at a time
  std::size_t waiting = 256;  // connections accepted beyond; more wait in the system's queue
};

}  // namespace faultline::serve
