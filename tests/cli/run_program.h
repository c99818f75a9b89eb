#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace faultline::test {

// How a run of the program ended.
struct Outcome {
  int exit_code = -1;  // 128 + n if signal n ended it; -1 if it was still running after the timeout
  std::string out;
  std::string err;
};

struct RunOptions {
  std::vector<std::string> environment = {};                  // NAME=VALUE, added to the caller's
  std::optional<std::uint64_t> file_size_limit = {};          // bytes; what a full disk looks like
  std::optional<std::filesystem::path> standard_output = {};  // in place of Outcome::out
  // SIGINT is sent once this holds and the program has begun to catch the signal.
  std::function<bool()> interrupt_when = {};
  std::chrono::milliseconds timeout{60'000};
};

// Runs the program `faultline` that was built with this test, without a shell and with nothing on standard
// input.
Outcome run(const std::vector<std::string>& arguments, const RunOptions& options = {});

// Expects an exit code, and exactly one line on stderr that begins with "faultline: " and holds every one of
// `parts`.
void expect_error_line(const Outcome& outcome, int exit_code, const std::vector<std::string>& parts);
// The same, and an empty stdout.
void expect_failure(const Outcome& outcome, int exit_code, const std::vector<std::string>& parts);

// Expects exit code 0; shows stderr otherwise.
void expect_success(const Outcome& outcome);

}  // namespace faultline::test
