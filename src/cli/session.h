#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/run_control.h"
#include "engine/engine.h"

namespace faultline::cli {

// What every command has in common: the options that all take, the chosen action, and how it talks to the
// terminal.
struct Session {
  int threads = 0;
  std::uint64_t seed = 0;
  std::string engine = "onednn";
  std::optional<std::string> precision;  // the engine's default if not given
  std::optional<std::string> kernels;    // a kernel table's file
  bool quiet = false;
  bool verbose = false;

  // Set by the command that was given; run once parsing is over, so that its errors are not the parser's.
  std::function<void()> action;
};

// Adds --threads, --quiet and --verbose; with_engine adds --engine; with_seed adds --seed.
void add_common_options(CLI::App& command, Session& session);
void add_engine_option(CLI::App& command, Session& session);  // with --precision and --kernels
void add_seed_option(CLI::App& command, Session& session);

// Sets threads and log level as the session says. Call before any work.
void apply(const Session& session);

// The engine that the options name. Throws Error{usage} for a precision or table that it has no use for.
std::unique_ptr<engine::Engine> make_engine(const Session& session);

// Set by Ctrl-C (SIGINT) or SIGTERM. A second signal ends the process at once with exit code 130.
const std::atomic<bool>& stop_flag();
void install_signal_handlers();

// Writes text to stdout and checks that all of it arrived. Throws Error{io}, on a full disk say.
void print(std::string_view text);
// The content of a file likewise, whatever its size.
void print_file(const std::filesystem::path& path);

}  // namespace faultline::cli
