#pragma once

#include <httplib.h>

#include <thread>
#include <vector>

#include "base/bounded_queue.h"

namespace faultline::serve {

// The threads that answer connections. Where httplib's own pool would take in any number of connections, this
// one takes in no more once so many wait: then others wait with the system, which costs no memory here.
class Workers final : public httplib::TaskQueue {
 public:
  Workers(std::size_t threads, std::size_t waiting);

  void enqueue(std::function<void()> task) override;
  void shutdown() override;  // after what was taken in is done

 private:
  BoundedQueue<std::function<void()>> tasks_;
  std::vector<std::thread> threads_ = {};
};

}  // namespace faultline::serve
