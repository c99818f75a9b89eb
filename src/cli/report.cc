#include <fmt/format.h>

#include <memory>

#include "base/files.h"
#include "cli/commands.h"
#include "report/study_payload.h"
#include "report/study_report.h"

namespace faultline::cli {

namespace {

struct ReportCommand {
  std::string run;
  std::optional<std::string> output;
  bool no_images = false;
};

void report_run(const ReportCommand& given) {
  store::Store store = store::Store::open(given.run, store::Access::read);
  const nlohmann::ordered_json payload = report::study_payload(
      store, {.pictures = given.no_images ? report::Pictures::left_out : report::Pictures::of_exemplars});
  const std::filesystem::path file =
      given.output ? std::filesystem::path(*given.output) : std::filesystem::path(given.run) / "report.html";
  const std::string page = report::study_report(payload);
  write_file(file, page);
  print(fmt::format("Report: {} ({:.1f} MB, {} exemplars)\n", file.string(),
                    static_cast<double>(page.size()) / 1e6, payload.at("exemplars").size()));
}

}  // namespace

void add_report(CLI::App& root, Session& session) {
  const auto options = std::make_shared<ReportCommand>();
  CLI::App* command = root.add_subcommand(
      "report", "A study as one HTML page: findings, layers, causes, and pictures to look through");
  command->footer(
      "\nMade from the run's store alone, of a run that is still going too. The page needs no network.\n"
      "Example: faultline report run -o report.html");
  command->add_option("RUN", options->run, "A run's folder")->required();
  command->add_option("-o,--output", options->output, "The page; default: RUN/report.html");
  command->add_flag("--no-images", options->no_images,
                    "Leave out pictures and heatmaps, where pictures must not be shown on");
  add_common_options(*command, session);
  command->callback([&session, options] { session.action = [options] { report_run(*options); }; });
}

}  // namespace faultline::cli
