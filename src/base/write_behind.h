#pragma once

#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/bounded_queue.h"
#include "base/serial_thread.h"

namespace faultline {

// Hands items in order to a function on a serial thread, and goes on meanwhile. Once the function has thrown,
// the items that follow are dropped.
template <class T>
class WriteBehind {
 public:
  WriteBehind(std::size_t waiting, std::function<void(T&)> write)
      : waiting_(waiting), thread_(serial_thread([this, call = std::move(write)] {
          while (std::optional<T> item = waiting_.pop()) write_one(call, *item);
        })) {}
  WriteBehind(const WriteBehind&) = delete;
  WriteBehind& operator=(const WriteBehind&) = delete;
  // Waits until all items are written, as finish does, but says nothing of a failure.
  ~WriteBehind() { stop(); }

  // Waits while as many items wait as may. Throws what writing an earlier one threw.
  void add(T item) {
    check();
    waiting_.push(std::move(item));
  }
  // Throws what writing an item threw.
  void check() {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
  }
  // Waits until all items are written; the last call. Throws what writing one threw.
  void finish() {
    stop();
    check();
  }

 private:
  void write_one(const std::function<void(T&)>& write, T& item) noexcept {
    if (failed()) return;
    try {
      write(item);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
    }
  }
  bool failed() {
    const std::lock_guard lock(mutex_);
    return failure_ != nullptr;
  }
  void stop() {
    waiting_.close();
    if (thread_.joinable()) thread_.join();
  }

  BoundedQueue<T> waiting_;
  std::mutex mutex_ = {};
  std::exception_ptr failure_ = {};
  std::thread thread_;  // last: it uses the rest
};

}  // namespace faultline
