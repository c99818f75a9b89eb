#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/progress.h"
#include "store/merge.h"
#include "store/store.h"
#include "study/study_run.h"

namespace faultline::cli {

namespace {

struct MergeCommand {
  std::vector<std::string> runs;
  std::string output;
};

void merge(const MergeCommand& given, const Session& session) {
  const std::vector<std::filesystem::path> runs(given.runs.begin(), given.runs.end());
  const auto first = store::Store::open(runs.front(), store::Access::read);
  const study::WholeStudy whole = study::whole_study(first.run().configuration);
  ProgressLine progress("merged", session.quiet);
  const store::MergeResult result = store::merge(
      runs, given.output,
      {.ignored_keys = {"shard"}, .configuration = whole.configuration, .planned_images = whole.images},
      progress.control());
  std::string text = fmt::format("{} of {} images joined", result.images, whole.images);
  if (!result.finished) text += "; the study is not finished";
  print(fmt::format("{}\nRun: {}\n", text, given.output));
}

}  // namespace

void add_merge(CLI::App& root, Session& session) {
  const auto options = std::make_shared<MergeCommand>();
  CLI::App* command = root.add_subcommand(
      "merge", "Join the runs of a study's shards into the one that a single process would make");
  command->footer(
      "\nThe runs are of the same model, images and options, each made with another --shard i/n.\n"
      "Example: faultline merge run1 run2 -o run");
  command->add_option("RUNS", options->runs, "Folders of runs")->required();
  command->add_option("-o,--output", options->output, "The new run's folder")->required();
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { merge(*options, session); }; });
}

}  // namespace faultline::cli
