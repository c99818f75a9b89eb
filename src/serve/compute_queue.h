#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/run_control.h"

namespace faultline::serve {

// Work for the compute threads: one piece at a time, in the order of asking, and only so many that wait.
class ComputeQueue {
 public:
  // What a piece of work gives; may throw. To look at its control's checkpoint now and then.
  using Work = std::function<std::string(const RunControl&)>;

  // How far it is.
  struct View {
    bool ended = false;
    std::string result = {};   // of what ended well
    std::string problem = {};  // of what did not: a line for the user; empty otherwise
    std::size_t ahead = 0;     // pieces before it
    Progress progress = {};    // once it runs
  };

  struct Job;

  // A place in the queue; giving it up stops the work.
  class Ticket {
   public:
    ~Ticket();
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    // Once it has ended, or after so long.
    View wait(std::chrono::milliseconds longest) const;

   private:
    friend class ComputeQueue;
    Ticket(ComputeQueue& queue, std::shared_ptr<Job> job) : queue_(queue), job_(std::move(job)) {}
    ComputeQueue& queue_;
    std::shared_ptr<Job> job_;
  };

  // waiting: pieces beside the one that runs. longest: that a piece may run; whoever waits for it when that
  // is over stops it.
  ComputeQueue(std::size_t waiting, std::chrono::milliseconds longest);
  ~ComputeQueue();  // stops what runs; all tickets must be gone by then
  ComputeQueue(const ComputeQueue&) = delete;
  ComputeQueue& operator=(const ComputeQueue&) = delete;

  // Null if the queue is full.
  std::shared_ptr<Ticket> submit(Work work);
  bool is_full() const;

 private:
  void run();
  void compute(Job& job);

  std::size_t waiting_;
  std::chrono::milliseconds longest_;
  mutable std::mutex mutex_ = {};
  std::condition_variable changed_ = {};
  std::deque<std::shared_ptr<Job>> jobs_ = {};  // the first one runs
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace faultline::serve
