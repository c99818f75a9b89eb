#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "base/run_control.h"

namespace faultline::cli {

// Shows progress on stderr: on a terminal one line that is drawn over, with rate and time left; otherwise a
// line for each finished unit, so that a log stays readable. Nothing if quiet. The line is taken away when
// the object goes.
class ProgressLine {
 public:
  ProgressLine(std::string unit, bool quiet);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  void show(const Progress& progress);
  // A RunControl that reports here and stops on Ctrl-C.
  RunControl control();

 private:
  void clear();

  std::string unit_;
  bool enabled_;
  bool terminal_;
  bool drawn_ = false;
  std::int64_t last_done_ = 0;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace faultline::cli
