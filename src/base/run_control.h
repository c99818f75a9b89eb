#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "base/error.h"

namespace faultline {

// How far a long piece of work is. `done` of `total` units (0 if unknown); `what` names the present step.
struct Progress {
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::string what;
};

// Carried through long work: reports progress and says when to stop. Work calls `checkpoint` between units,
// so a stop loses at most one unit. The caller (cli, server, binding) owns what is done with either.
class RunControl {
 public:
  RunControl() = default;
  // `stop` may be set from a signal handler or another thread; it must outlive this object.
  RunControl(std::function<void(const Progress&)> on_progress, const std::atomic<bool>* stop)
      : on_progress_(std::move(on_progress)), stop_(stop) {}

  void report(const Progress& progress) const {
    if (on_progress_) on_progress_(progress);
  }
  // The same stop, but no progress: for parts of work whose caller counts in larger units.
  RunControl without_progress() const { return {{}, stop_}; }
  bool stop_requested() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }
  // Throws Error{interrupted} if a stop was asked for.
  void checkpoint() const {
    if (stop_requested()) throw Error(ErrorKind::interrupted, "stopped on request");
  }

 private:
  std::function<void(const Progress&)> on_progress_;
  const std::atomic<bool>* stop_ = nullptr;
};

}  // namespace faultline
