#include "versus/pipeline.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "base/error.h"
#include "base/parallel.h"
#include "study/analysis.h"
#include "study/benchmark.h"
#include "versus/exchange_folder.h"
#include "versus/spread.h"

namespace faultline::bench {

namespace {

struct Outcome {
  double seconds = 0;
  double peak_gb = 0;
};

[[noreturn]] void become(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  unsetenv("OMP_WAIT_POLICY");  // as a user runs it; spinning threads would starve those that read and draw
  if (std::freopen("/dev/null", "w", stdout) != nullptr) execv(arguments[0], arguments.data());
  _exit(127);
}

Outcome run_program(const std::vector<std::string>& command) {
  const auto start = std::chrono::steady_clock::now();
  const pid_t process = fork();
  if (process < 0) throw Error(ErrorKind::io, "cannot start " + command.front());
  if (process == 0) become(command);
  int status = 0;
  rusage usage{};
  wait4(process, &status, 0, &usage);
  if (status != 0) throw Error(ErrorKind::io, command.front() + " failed; its own message is above");
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          static_cast<double>(usage.ru_maxrss) * 1024 / 1e9};
}

// The pictures over and over.
const study::InputImage& picture(const Subject& subject, int i) {
  return subject.images[static_cast<std::size_t>(i) % subject.images.size()];
}

Outcome run_analyze(const Subject& subject, const std::filesystem::path& program, int pictures) {
  const ExchangeFolder folder;
  std::vector<std::string> command = {program.string(), "analyze", subject.file.string()};
  for (int i = 0; i < pictures; ++i) command.push_back(picture(subject, i).file.string());
  command.insert(command.end(), {"--quiet", "--threads", std::to_string(compute_threads()), "--output",
                                 (folder.path() / "report").string()});
  return run_program(command);
}

double analyses_alone(const Subject& subject, int pictures) {
  study::Analyzer analyzer(subject.model, *subject.engine, {});
  analyzer.analyze(subject.images.front(), {});
  return bench::seconds_of([&] {
    for (int i = 0; i < pictures; ++i) analyzer.analyze(picture(subject, i), {});
  });
}

}  // namespace

std::string measure_pipeline(const Subject& subject, const std::filesystem::path& program, int most) {
  std::string text = table_header({"pictures", "`faultline analyze`, s", "analyses alone, s", "times",
                                   "ms a picture", "peak memory, GB"});
  for (const int pictures : {10, most}) {
    const double alone = analyses_alone(subject, pictures);  // first: it leaves no thread behind that spins
    const Outcome whole = run_analyze(subject, program, pictures);
    text += table_row({std::to_string(pictures), fmt::format("{:.2f}", whole.seconds),
                       fmt::format("{:.2f}", alone), fmt::format("{:.2f}", whole.seconds / alone),
                       fmt::format("{:.0f}", 1e3 * whole.seconds / pictures),
                       fmt::format("{:.2f}", whole.peak_gb)});
  }
  return text;
}

}  // namespace faultline::bench
