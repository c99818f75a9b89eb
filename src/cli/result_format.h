#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "findings/grid.h"

namespace faultline::cli {

// How results that are text and tables are printed: --json, --markdown, --csv TABLE or, without any, text for
// a terminal; --tables lists what --csv takes.
struct ResultFormat {
  bool json = false;
  bool markdown = false;
  bool tables = false;
  std::optional<std::string> csv;
};

void add_format_options(CLI::App& command, ResultFormat& format);

struct Printable {
  std::function<std::string()> text;
  std::function<std::string()> markdown;
  std::function<nlohmann::ordered_json()> json;
  std::function<std::vector<findings::Grid>()> grids;
};
// Throws Error{usage} listing the tables if --csv names none of them.
void print_as(const ResultFormat& format, const Printable& result);

}  // namespace faultline::cli
