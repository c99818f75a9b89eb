#include "cli/commands.h"

namespace faultline::cli {

void add_version(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("version", "Print the version");
  command->callback(
      [&session] { session.action = [] { print(std::string("faultline ") + FAULTLINE_VERSION + "\n"); }; });
}

}  // namespace faultline::cli
