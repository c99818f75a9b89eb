#pragma once

#include <sys/types.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace faultline::bench {

using Variables = std::vector<std::pair<std::string, std::string>>;

// A child process that answers commands, a line each, with a line of JSON each. It is stopped (SIGSTOP) while
// it is not asked anything, so that none of its threads takes a core from what is timed here.
class Worker {
 public:
  // Runs the command, with these variables in its environment, and waits for its greeting, an answer that no
  // command asked for. Throws Error{io} if there is none.
  explicit Worker(const std::vector<std::string>& command, const Variables& variables = {});
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  const nlohmann::json& greeting() const { return greeting_; }
  // Throws Error{io} if the process ends, or answers with something else than JSON.
  nlohmann::json ask(const std::string& command);

 private:
  nlohmann::json answer();

  pid_t process_ = -1;
  std::FILE* commands_ = nullptr;
  std::FILE* answers_ = nullptr;
  nlohmann::json greeting_;
};

}  // namespace faultline::bench
