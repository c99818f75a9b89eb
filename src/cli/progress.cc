#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/session.h"

namespace faultline::cli {

namespace {

constexpr std::int64_t kLogLines = 100;
constexpr std::chrono::seconds kLongSilence(10);

std::string duration(double seconds) {
  const long whole = std::lround(seconds);
  if (whole < 90) return std::to_string(whole) + " s";
  if (whole < 5400) return std::to_string((whole + 30) / 60) + " min";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

}  // namespace

ProgressLine::ProgressLine(std::string unit, bool quiet)
    : unit_(std::move(unit)),
      enabled_(!quiet),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(std::chrono::steady_clock::now()),
      logged_at_(start_) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

void ProgressLine::show(const Progress& progress) {
  if (!enabled_) return;
  std::string line = unit_ + " " + std::to_string(progress.done);
  if (progress.total > 0) line += "/" + std::to_string(progress.total);
  if (!progress.what.empty()) line += "  " + progress.what;
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_) {
    if (!belongs_in_log(progress, now)) return;
    std::fprintf(stderr, "%s\n", line.c_str());
    logged_ = progress.done;
    logged_at_ = now;
    return;
  }
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  if (progress.done > 0 && progress.total > progress.done) {
    line += "  (" +
            duration(elapsed / static_cast<double>(progress.done) *
                     static_cast<double>(progress.total - progress.done)) +
            " left)";
  }
  std::fprintf(stderr, "\r\033[K%.200s", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

bool ProgressLine::belongs_in_log(const Progress& progress, std::chrono::steady_clock::time_point now) const {
  if (progress.done <= logged_) return false;
  if (progress.done == progress.total || now - logged_at_ >= kLongSilence) return true;
  return progress.done * kLogLines / std::max(progress.total, kLogLines) >
         logged_ * kLogLines / std::max(progress.total, kLogLines);
}

RunControl ProgressLine::control() {
  return {[this](const Progress& progress) { show(progress); }, &stop_flag()};
}

}  // namespace faultline::cli
