#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/result_format.h"
#include "findings/compare_runs.h"
#include "findings/read_store.h"
#include "findings/write_comparison.h"

namespace faultline::cli {

namespace {

struct CompareCommand {
  std::string first;
  std::string second;
  ResultFormat format;
};

void compare(const CompareCommand& given) {
  store::Store first_store = store::Store::open(given.first, store::Access::read);
  store::Store second_store = store::Store::open(given.second, store::Access::read);
  first_store.begin();  // one moment of runs that may still be going
  second_store.begin();
  const findings::StoredRun first = findings::read_run(first_store);
  const findings::StoredRun second = findings::read_run(second_store);
  const findings::RunComparison comparison = findings::compare_runs(
      first, findings::loader(first_store, first), second, findings::loader(second_store, second));
  print_as(given.format, {.text = [&] { return findings::to_text(comparison); },
                          .markdown = [&] { return findings::to_markdown(comparison); },
                          .json = [&] { return findings::to_json(comparison); },
                          .grids = [&] { return findings::grids(comparison); }});
}

}  // namespace

void add_compare(CLI::App& root, Session& session) {
  const auto options = std::make_shared<CompareCommand>();
  CLI::App* command = root.add_subcommand(
      "compare", "Two studies of the same images pair by pair: two models, or two attacks, with statistics");
  command->footer(
      "\nImages are matched by their content. Conditions answer to each other by attack, strength and eps.\n"
      "Example: faultline compare run-vgg run-squeezenet");
  command->add_option("RUN_A", options->first, "A run's folder")->required();
  command->add_option("RUN_B", options->second, "Another run's folder")->required();
  add_format_options(*command, options->format);
  add_common_options(*command, session);
  command->callback([&session, options] { session.action = [options] { compare(*options); }; });
}

}  // namespace faultline::cli
