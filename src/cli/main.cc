#include <malloc.h>

#include <cstdio>
#include <exception>
#include <new>
#include <sstream>
#include <string>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace faultline::cli {
namespace {

constexpr const char* kDescription =
    "faultline shows where inside a neural network an adversarial example does its damage.\n"
    "It attacks an image classifier, makes harmless noise of the same size, and compares layer by layer how "
    "the\n"
    "network responds to both.\n";

constexpr const char* kFooter =
    "\nFirst steps:\n"
    "  faultline demo                                   analyse the embedded photographs, end with a report\n"
    "  faultline inspect MODEL.onnx                     what the network looks like to faultline\n"
    "  faultline analyze MODEL.onnx PHOTO.jpg -o OUT    the main job: attack, controls, layers, report\n"
    "  faultline study MODEL.onnx PHOTOS -o RUN         the same over an image set, with causes and "
    "statistics;\n"
    "                                                   faultline summary RUN says what was found\n"
    "\nExit codes: 0 done, 1 a bug of faultline, 2 usage, 3 model, 4 unsupported model, 5 image, 6 files and "
    "disk,\n"
    "130 interrupted. Each command explains itself: faultline COMMAND --help";

// One line on stderr, whatever the message holds.
int fail(int code, std::string message) {
  for (char& c : message) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = ' ';  // line breaks, and a terminal's escape codes in file names
  }
  std::fprintf(stderr, "faultline: %s\n", message.c_str());
  return code;
}

// --help or --version, which the parser has printed into `text`.
void print_help(const CLI::App& root, const CLI::Success& what) {
  std::ostringstream text;
  root.exit(what, text, text);
  print(text.str());
}

// The parser's own errors, with a pointer to the help of the command that was meant.
int usage_failure(const CLI::App& root, const CLI::ParseError& error) {
  std::string command = "faultline";
  for (const CLI::App* given : root.get_subcommands()) command += " " + given->get_name();
  if (root.get_subcommands().empty() && root.remaining_size() > 0) {
    return fail(exit_code(ErrorKind::usage),
                "no command '" + root.remaining().front() + "' (see " + command + " --help)");
  }
  return fail(exit_code(ErrorKind::usage), std::string(error.what()) + " (see " + command + " --help)");
}

int run(int argc, char** argv) {
  CLI::App root(kDescription, "faultline");
  root.footer(kFooter);
  root.require_subcommand(1);
  root.get_formatter()->column_width(34);
  Session session;
  for (const auto add :
       {add_demo,         add_analyze,  add_study,   add_summary, add_report,    add_serve,   add_compare,
        add_merge,        add_list,     add_inspect, add_predict, add_attack,    add_explain, add_sanity,
        add_faithfulness, add_accuracy, add_bench,   add_tune,    add_new_model, add_twin,    add_version}) {
    add(root, session);
  }
  root.set_version_flag("--version", std::string("faultline ") + FAULTLINE_VERSION);
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    print_help(root, help_or_version);
    return 0;
  } catch (const CLI::ParseError& error) {
    return usage_failure(root, error);
  }
  apply(session);
  session.action();
  return 0;
}

// By default glibc takes the size of the largest block that was freed as the one from which blocks are mapped
// and given back one by one. With tensors of many sizes, made on one thread and freed on another, all of them
// then come from heaps that grow picture by picture. A fixed size keeps memory flat, for the price of some
// page faults. What smaller blocks free is kept for the next picture, up to a bound: else the heap's end is
// given back and asked for again thousands of times a picture (a tenth of a study's time).
void keep_memory_flat() {
  constexpr int kMappedFrom = 256 * 1024;
  constexpr int kKept = 256 * 1024 * 1024;
  constexpr int kAskedFor = 64 * 1024 * 1024;
  mallopt(M_MMAP_THRESHOLD, kMappedFrom);
  mallopt(M_TRIM_THRESHOLD, kKept);
  mallopt(M_TOP_PAD, kAskedFor);
}

}  // namespace
}  // namespace faultline::cli

int main(int argc, char** argv) {
  using faultline::cli::fail;
  faultline::cli::keep_memory_flat();
  faultline::cli::install_signal_handlers();
  try {
    return faultline::cli::run(argc, argv);
  } catch (const faultline::Error& error) {
    return fail(exit_code(error.kind()), error.what());
  } catch (const std::bad_alloc&) {
    return fail(1, "out of memory; a smaller --batch or model needs less");
  } catch (const std::exception& error) {
    return fail(1, std::string("a bug of faultline, please report it: ") + error.what());
  }
}
