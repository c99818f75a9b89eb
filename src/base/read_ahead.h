#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "base/bounded_queue.h"
#include "base/error.h"
#include "base/serial_thread.h"

namespace faultline {

// Makes items 0, 1, ..., count - 1 in order on a serial thread, a few before they are asked for.
template <class T>
class ReadAhead {
 public:
  ReadAhead(std::int64_t count, std::size_t ahead, std::function<T(std::int64_t)> make)
      : made_(ahead), thread_(serial_thread([this, count, call = std::move(make)] {
          for (std::int64_t i = 0; i < count && made_.push(outcome(call, i)); ++i) {
          }
          made_.close();
        })) {}
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  // Items that were not asked for are dropped; waits for the one in the making.
  ~ReadAhead() {
    made_.close();
    thread_.join();
  }

  // The next item. Throws what making it threw; a later call goes on with the one after it.
  T next() {
    std::optional<Outcome> outcome = made_.pop();
    require(outcome.has_value(), "ReadAhead: no more items");
    if (outcome->failure) std::rethrow_exception(outcome->failure);
    return std::move(*outcome->item);
  }

 private:
  struct Outcome {
    std::optional<T> item;
    std::exception_ptr failure;
  };
  static Outcome outcome(const std::function<T(std::int64_t)>& make, std::int64_t i) noexcept {
    try {
      return {make(i), nullptr};
    } catch (...) {
      return {std::nullopt, std::current_exception()};
    }
  }

  BoundedQueue<Outcome> made_;
  std::thread thread_;
};

}  // namespace faultline
