#include "cli/run_program.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <thread>

#include "base/files.h"
#include "temporary_folder.h"

namespace faultline::test {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_of(const RunOptions& options) {
  std::vector<std::string> all = options.environment;
  for (char** each = environ; *each != nullptr; ++each) all.emplace_back(*each);
  // Waiting threads that spin would slow down whatever else the machine does.
  all.emplace_back("OMP_WAIT_POLICY=passive");
  return all;
}

void redirect(int descriptor, const std::filesystem::path& file, int flags) {
  const int opened = ::open(file.c_str(), flags, 0600);
  if (opened < 0 || ::dup2(opened, descriptor) < 0) ::_exit(126);
}

// Whether a process has a handler for SIGINT. One that has none yet would end without a word.
bool catches_interrupts(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;) {
    if (word != "SigCgt:") continue;
    std::uint64_t caught = 0;
    status >> std::hex >> caught;
    return (caught >> (SIGINT - 1U) & 1U) != 0;
  }
  return false;
}

// Waits until the child ends; interrupts it when asked to, and kills it after the timeout. -1 if killed.
int wait_for(pid_t child, const RunOptions& options) {
  const auto deadline = std::chrono::steady_clock::now() + options.timeout;
  bool interrupted = false;
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return -1;
    }
    if (!interrupted && options.interrupt_when && catches_interrupts(child) && options.interrupt_when()) {
      interrupted = true;
      ::kill(child, SIGINT);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Outcome run(const std::vector<std::string>& arguments, const RunOptions& options) {
  const TemporaryFolder folder;
  const std::filesystem::path out = options.standard_output.value_or(folder / "out");
  const std::filesystem::path err = folder / "err";
  std::vector<std::string> words = {FAULTLINE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = environment_of(options);
  const auto argument_pointers = pointers(words);
  const auto environment_pointers = pointers(environment);
  const pid_t child = ::fork();
  if (child == 0) {
    redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
    redirect(STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC);
    redirect(STDERR_FILENO, err, O_WRONLY | O_CREAT | O_TRUNC);
    if (options.file_size_limit) {
      const rlimit limit{*options.file_size_limit, *options.file_size_limit};
      ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ::execve(words[0].c_str(), argument_pointers.data(), environment_pointers.data());
    ::_exit(127);
  }
  Outcome outcome;
  outcome.exit_code = wait_for(child, options);
  if (!options.standard_output) outcome.out = read_file(out);
  outcome.err = read_file(err);
  return outcome;
}

void expect_error_line(const Outcome& outcome, int exit_code, const std::vector<std::string>& parts) {
  EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
  EXPECT_THAT(outcome.err, testing::StartsWith("faultline: "));
  EXPECT_THAT(outcome.err, testing::Not(testing::StartsWith("faultline: warning")));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  EXPECT_TRUE(!outcome.err.empty() && outcome.err.back() == '\n');
  for (const std::string& part : parts) EXPECT_THAT(outcome.err, testing::HasSubstr(part));
}

void expect_failure(const Outcome& outcome, int exit_code, const std::vector<std::string>& parts) {
  expect_error_line(outcome, exit_code, parts);
  EXPECT_EQ(outcome.out, "");
}

void expect_success(const Outcome& outcome) {
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

}  // namespace faultline::test
