#include "versus/worker.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/error.h"

namespace faultline::bench {

namespace {

struct Pipe {
  Pipe() {
    if (pipe(ends.data()) != 0) throw Error(ErrorKind::io, "cannot make a pipe");
  }
  int reading() const { return ends[0]; }
  int writing() const { return ends[1]; }
  std::array<int, 2> ends = {};
};

[[noreturn]] void become(const std::vector<std::string>& command, const Variables& variables,
                         const Pipe& commands, const Pipe& answers) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a stopped process would outlive this one
  dup2(commands.reading(), STDIN_FILENO);
  dup2(answers.writing(), STDOUT_FILENO);
  for (const Pipe* each : {&commands, &answers}) {
    close(each->reading());
    close(each->writing());
  }
  for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

Worker::Worker(const std::vector<std::string>& command, const Variables& variables) {
  const Pipe commands;
  const Pipe answers;
  process_ = fork();
  if (process_ < 0) throw Error(ErrorKind::io, "cannot start " + command.front());
  if (process_ == 0) become(command, variables, commands, answers);
  close(commands.reading());
  close(answers.writing());
  commands_ = fdopen(commands.writing(), "w");
  answers_ = fdopen(answers.reading(), "r");
  std::signal(SIGPIPE, SIG_IGN);  // a child that has ended is reported by what it does not answer
  greeting_ = answer();
}

Worker::~Worker() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  std::fclose(commands_);
  std::fclose(answers_);
}

nlohmann::json Worker::ask(const std::string& command) {
  kill(process_, SIGCONT);
  std::fprintf(commands_, "%s\n", command.c_str());
  std::fflush(commands_);
  return answer();
}

nlohmann::json Worker::answer() {
  std::string line;
  int c = 0;
  while ((c = std::fgetc(answers_)) != EOF && c != '\n') line += static_cast<char>(c);
  if (c == EOF) throw Error(ErrorKind::io, "the PyTorch process has ended; its own message is above");
  kill(process_, SIGSTOP);
  auto parsed = nlohmann::json::parse(line, nullptr, false);
  if (parsed.is_discarded()) throw Error(ErrorKind::io, "expected JSON of the PyTorch process, got " + line);
  return parsed;
}

}  // namespace faultline::bench
