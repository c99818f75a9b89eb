#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <functional>
#include <string>

#include "base/error.h"

namespace faultline::test {

// What work() returns in a process of its own; of an error "KIND: MESSAGE", KIND its exit code.
// unprivileged: without root's right to write where nobody may.
inline std::string in_child(const std::function<std::string()>& work, bool unprivileged = false) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    std::string text;
    constexpr uid_t kNobody = 65534;
    if (unprivileged && ::geteuid() == 0 && ::setuid(kNobody) != 0) ::_exit(1);
    try {
      text = work();
    } catch (const Error& error) {
      text = std::to_string(exit_code(error.kind())) + ": " + error.what();
    } catch (const std::exception& error) {
      text = std::string("unexpected: ") + error.what();
    }
    const ssize_t written = ::write(ends[1], text.data(), text.size());
    ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return text;
}

// Runs work(), which ends with killed(), in a process of its own.
[[noreturn]] inline void killed() {
  ::raise(SIGKILL);
  ::_exit(1);
}
inline void in_killed_child(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::_exit(1);
  }
  ::waitpid(child, nullptr, 0);
}

}  // namespace faultline::test
