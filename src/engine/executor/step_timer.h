#pragma once

#include <chrono>

namespace faultline::engine {

// Adds the time of its life to a total in seconds.
class StepTimer {
 public:
  explicit StepTimer(double& total) : total_(total), start_(std::chrono::steady_clock::now()) {}
  ~StepTimer() { total_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  StepTimer(const StepTimer&) = delete;
  StepTimer& operator=(const StepTimer&) = delete;

 private:
  double& total_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace faultline::engine
