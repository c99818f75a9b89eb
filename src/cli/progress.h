#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "base/run_control.h"

namespace faultline::cli {

// Shows progress on stderr: on a terminal one line that is drawn over, with rate and time left; otherwise
// lines of a log: of up to 100 units each, of more those that end another hundredth or a silence of ten
// seconds. Nothing if quiet. The line that is drawn over is taken away when the object goes.
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
  bool belongs_in_log(const Progress& progress, std::chrono::steady_clock::time_point now) const;

  std::string unit_;
  bool enabled_;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_;
  std::int64_t logged_ = 0;  // units
  std::chrono::steady_clock::time_point logged_at_;
};

}  // namespace faultline::cli
