#include "serve/workers.h"

#include "base/serial_thread.h"

namespace faultline::serve {

Workers::Workers(std::size_t threads, std::size_t waiting) : tasks_(waiting) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.push_back(serial_thread([this] {
      while (const auto task = tasks_.pop()) (*task)();
    }));
  }
}

void Workers::enqueue(std::function<void()> task) {
  tasks_.push(std::move(task));
}

void Workers::shutdown() {
  tasks_.close();
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace faultline::serve
