#include "cli/session.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "base/error.h"
#include "base/log.h"
#include "base/parallel.h"

namespace faultline::cli {

namespace {

std::atomic<bool> stop_requested{false};
std::atomic_flag memory_lost;

void on_signal(int /*number*/) {
  if (stop_requested.exchange(true)) _exit(exit_code(ErrorKind::interrupted));
}

// Memory is mapped from the model's files only. Several compute threads may come here at once: one of them
// speaks and ends the process, which ends the others' wait.
void on_lost_memory(int /*number*/) {
  if (memory_lost.test_and_set()) {
    for (;;) pause();
  }
  constexpr std::string_view kMessage =
      "faultline: a model file was cut short by another program while it was in use\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kMessage.data(), kMessage.size());
  _exit(exit_code(ErrorKind::io));
}

}  // namespace

void add_common_options(CLI::App& command, Session& session) {
  command.add_option("--threads", session.threads, "Compute threads; 0 takes all cores")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command.add_flag("-q,--quiet", session.quiet, "No progress and no warnings on stderr");
  command.add_flag("-v,--verbose", session.verbose, "Say more on stderr");
}

void add_engine_option(CLI::App& command, Session& session) {
  std::string names;
  for (const std::string& name : engine::engine_names()) names += (names.empty() ? "" : " or ") + name;
  command.add_option("--engine", session.engine, "What computes the network: " + names)
      ->check(CLI::IsMember(engine::engine_names()))
      ->capture_default_str();
  command
      .add_option(
          "--precision", session.precision,
          "Of convolutions on onednn: f32 (direct sums), fast (the default: Winograd too, 2 to 3 times the "
          "round-off), bf16 (8-bit factors)")
      ->check(CLI::IsMember(engine::precision_names()));
  command.add_option("--kernels", session.kernels,
                     "Which convolution runs on which kernel: a table that 'faultline tune' wrote");
}

std::unique_ptr<engine::Engine> make_engine(const Session& session) {
  if (session.engine != "onednn") {
    const char* given = session.precision ? "--precision" : session.kernels ? "--kernels" : nullptr;
    if (given != nullptr) {
      throw Error(
          ErrorKind::usage,
          std::string(given) + " is an option of the engine onednn, but --engine is " + session.engine);
    }
    return engine::make_engine(session.engine);
  }
  engine::EngineOptions options;
  if (session.precision) options.precision = engine::precision_named(*session.precision);
  if (session.kernels) options.kernels = engine::read_kernel_table(*session.kernels);
  return engine::make_engine(session.engine, options);
}

void add_seed_option(CLI::App& command, Session& session) {
  command
      .add_option("--seed", session.seed, "Seed of every random number: same seed, same result")
      // Else -1 would be taken for 2^64 - 1.
      ->check(CLI::NonNegativeNumber)
      ->type_name("INT")
      ->capture_default_str();
}

void apply(const Session& session) {
  set_compute_threads(session.threads);
  if (session.quiet) set_log_level(LogLevel::error);
  if (session.verbose) set_log_level(LogLevel::info);
}

const std::atomic<bool>& stop_flag() {
  return stop_requested;
}

void install_signal_handlers() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = on_lost_memory;
  sigaction(SIGBUS, &action, nullptr);
  // A closed pipe or a file size limit is to be an error of write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

void print(std::string_view text) {
  const bool complete =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!complete)
    throw Error(ErrorKind::io, std::string("cannot write to standard output: ") + std::strerror(errno));
}

void print_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string piece(std::size_t{1} << 20U, '\0');
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0)
    print({piece.data(), static_cast<std::size_t>(file.gcount())});
  if (!file.eof()) throw Error(ErrorKind::io, "cannot read " + path.string());
}

}  // namespace faultline::cli
