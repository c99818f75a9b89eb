#include "cli/result_format.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/session.h"

namespace faultline::cli {

void add_format_options(CLI::App& command, ResultFormat& format) {
  const std::string group = "Output";
  CLI::Option_group* options =
      command.add_option_group(group, "How the result is printed; text if not given");
  options->add_flag("--json", format.json, "Everything, as one JSON document");
  options->add_flag("--markdown", format.markdown, "Findings and the tables that are short enough to read");
  options->add_option("--csv", format.csv, "One table as CSV")->type_name("TABLE");
  options->add_flag("--tables", format.tables, "The names of the tables");
  options->require_option(0, 1);
}

namespace {

const findings::Grid& find_grid(const std::vector<findings::Grid>& grids, const std::string& name) {
  std::string known;
  for (const findings::Grid& grid : grids) {
    if (grid.name == name) return grid;
    known += (known.empty() ? "" : ", ") + grid.name;
  }
  throw Error(ErrorKind::usage, "--csv " + name + ": no such table, expected one of " + known);
}

}  // namespace

void print_as(const ResultFormat& format, const Printable& result) {
  if (format.json)
    return print(result.json().dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  if (format.markdown) return print(result.markdown());
  if (format.csv) return print(findings::to_csv(find_grid(result.grids(), *format.csv)));
  if (!format.tables) return print(result.text());
  std::string text;
  for (const findings::Grid& grid : result.grids())
    text += fmt::format("{:22} {}\n", grid.name, grid.caption);
  print(text);
}

}  // namespace faultline::cli
