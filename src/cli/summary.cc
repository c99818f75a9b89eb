#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/result_format.h"
#include "findings/read_store.h"
#include "findings/summary.h"
#include "findings/summary_grids.h"
#include "findings/write_summary.h"

namespace faultline::cli {

namespace {

struct SummaryCommand {
  std::string run;
  ResultFormat format;
};

void summarise(const SummaryCommand& given) {
  store::Store store = store::Store::open(given.run, store::Access::read);
  store.begin();  // one moment of a run that may still be going
  const findings::StoredRun run = findings::read_run(store);
  const findings::Summary summary = findings::summarise(run, findings::loader(store, run));
  store.roll_back();
  print_as(given.format, {.text = [&] { return findings::to_text(summary); },
                          .markdown = [&] { return findings::to_markdown(summary); },
                          .json = [&] { return findings::to_json(summary); },
                          .grids = [&] { return findings::grids(summary); }});
}

}  // namespace

void add_summary(CLI::App& root, Session& session) {
  const auto options = std::make_shared<SummaryCommand>();
  CLI::App* command = root.add_subcommand(
      "summary",
      "What a study found: four findings with verdicts in plain words, and the tables behind them");
  command->footer(
      "\nRead from the run's store alone, of a run that is still going too. docs/findings.md explains the "
      "rules.\n"
      "Example: faultline summary run --markdown > findings.md");
  command->add_option("RUN", options->run, "A run's folder")->required();
  add_format_options(*command, options->format);
  add_common_options(*command, session);
  command->callback([&session, options] { session.action = [options] { summarise(*options); }; });
}

}  // namespace faultline::cli
